"""One model for each thing that the engine maps to DynamoDB."""

from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CheckConstraint, CompositePrimaryKey, F, Index, Q, UniqueConstraint
from django.db.models.functions import Lower, Upper

from dynamodb.fields import TTLField
from dynamodb.indexes import GlobalIndex


class Row(models.Model):
    """Says to mypy what its plugin says of installed apps only."""

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True


class Maker(Row):
    """An automatic primary key and a unique value."""

    name = models.CharField(max_length=50, unique=True)
    country = models.CharField(max_length=2, default="", blank=True)


class Tag(Row):
    name = models.CharField(max_length=50)


class Item(Row):
    """A primary key of text, indexes with and without NULLs in their sort key, every type."""

    sku = models.CharField(primary_key=True, max_length=50)
    maker = models.ForeignKey(Maker, models.CASCADE, null=True)
    tags = models.ManyToManyField(Tag)
    shelf = models.CharField(max_length=50, default="-")
    title = models.CharField(max_length=50, default="-")
    stock = models.PositiveIntegerField(default=0)
    price = models.DecimalField(max_digits=38, decimal_places=10, default=0)
    data = models.JSONField(default=dict)
    blob = models.BinaryField(default=b"")
    made = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            Index(fields=["shelf", "made"], name="shelf_made"),
            Index(fields=["shelf", "stock"], name="shelf_stock"),
            Index(fields=["title", "shelf"], name="title_shelf"),
        ]


class Line(Row):
    """A partition and a sort key."""

    pk = CompositePrimaryKey("basket", "position")
    basket = models.CharField(max_length=50)
    position = models.IntegerField()
    sku = models.CharField(max_length=50, default="")


class Seat(Row):
    """What may not be twice, and what may not be at all."""

    hall = models.CharField(max_length=50)
    number = models.IntegerField()
    holder = models.CharField(max_length=50, default="")
    active = models.BooleanField(default=True)

    class Meta:
        unique_together = [("hall", "number")]
        constraints = [
            UniqueConstraint(fields=["holder"], condition=Q(active=True), name="one_seat_each"),
            CheckConstraint(condition=Q(number__gte=1), name="number_from_one"),
        ]


class Ticket(Row):
    """A row that expires."""

    code = models.CharField(primary_key=True, max_length=50)
    note = models.CharField(max_length=50, default="")
    expires = TTLField(null=True)


class Doctor(Row):
    """The classical write skew: one of a ward must stay on call."""

    name = models.CharField(primary_key=True, max_length=50)
    ward = models.CharField(max_length=50, db_index=True)
    on_call = models.BooleanField(default=True)
    shifts = models.IntegerField(default=0)


class Entry(Row):
    """Rows for random questions."""

    id = models.IntegerField(primary_key=True)
    group = models.IntegerField()
    rank = models.IntegerField(null=True)
    name = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    flag = models.BooleanField(null=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True)

    class Meta:
        indexes = [
            Index(fields=["group", "rank"], name="group_rank"),
            Index(fields=["group", "amount"], name="group_amount"),
            Index(fields=["name", "group"], name="name_group"),
            Index(fields=["group", "name", "-amount", "id"], name="group_name_amount"),
            GlobalIndex(fields=["name", "flag", "amount", "group"], partition=2, name="name_flag"),
        ]


class Parcel(Row):
    """Indexes that hold only some columns, or only some rows."""

    code = models.CharField(primary_key=True, max_length=50)
    hub = models.CharField(max_length=50, default="-")
    weight = models.IntegerField(default=0)
    note = models.CharField(max_length=50, default="-")
    status = models.CharField(max_length=50, default="open")
    carrier = models.CharField(max_length=50, null=True)  # noqa: DJ001  NULL is what is tried
    sent = models.DateTimeField(null=True)
    lines = models.JSONField(default=dict)

    class Meta:
        indexes = [
            Index(fields=["hub", "weight"], name="hub_weight", include=["note"]),
            Index(fields=["hub", "weight"], name="open_hub", condition=Q(status="open")),
            Index(fields=["carrier", "sent"], name="sent_by", condition=Q(sent__isnull=False)),
        ]


class Box(Row):
    """Keys and unique values of any length; a column that the store computes."""

    pk = CompositePrimaryKey("shelf", "label")
    shelf = models.TextField()
    label = models.TextField()
    code = models.TextField(unique=True, null=True)  # noqa: DJ001  several boxes have none
    width = models.IntegerField(default=1)
    height = models.IntegerField(default=1)
    area = models.GeneratedField(
        expression=F("width") * F("height"), output_field=models.IntegerField(), db_persist=True
    )

    class Meta:
        indexes = [Index(fields=["shelf", "area"], name="shelf_area")]


class Member(Row):
    """Indexes and a unique value of expressions."""

    number = models.IntegerField(primary_key=True)
    email = models.CharField(max_length=50)
    city = models.CharField(max_length=50, default="-")
    joined = models.IntegerField(null=True)
    visits = models.IntegerField(default=0)
    maker = models.ForeignKey(Maker, models.CASCADE, null=True)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            Index(Upper("city"), F("joined").desc(), name="city_joined"),
            Index(Upper("city"), name="active_city", condition=Q(active=True)),
        ]
        constraints = [UniqueConstraint(Lower("email"), name="one_email")]


class Visit(Row):
    """Indexes with several attributes a key, and what ends one."""

    number = models.IntegerField(primary_key=True)
    site = models.CharField(max_length=50, default="S")
    page = models.CharField(max_length=50, blank=True, default="home")
    day = models.IntegerField(default=0)
    hour = models.IntegerField(default=0)
    country = models.CharField(max_length=2, default="de")
    browser = models.CharField(max_length=50, null=True)  # noqa: DJ001  NULL is what is tried
    note = models.CharField(max_length=50, default="-")
    lines = models.JSONField(default=dict)

    class Meta:
        indexes = [
            Index(fields=["site", "page", "-day", "hour"], name="site_page_day"),
            GlobalIndex(
                fields=["site", "country", "day", "hour"], partition=2,
                name="site_country", include=["page"],
            ),
            Index(fields=["country", "day", "browser", "hour"], name="country_day"),
            Index(fields=["site", "day", "hour"], name="of_fox", condition=Q(browser="fox")),
            Index(
                fields=["country", "hour", "browser", "day"],
                name="of_browser", condition=Q(browser__isnull=False),
            ),
        ]  # fmt: skip


class Remark(Row):
    """About anything."""

    kind = models.ForeignKey(ContentType, models.CASCADE, db_constraint=False)
    number = models.CharField(max_length=20)
    about = GenericForeignKey("kind", "number")


class Post(Row):
    """What is remarked upon, and answered."""

    remarks = GenericRelation(Remark, content_type_field="kind", object_id_field="number")


class Answer(Row):
    post = models.ForeignKey(Post, models.CASCADE)

"""django-simple-history: a row for each version of a row."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.management import call_command
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser, user
from tests.thirdparty.with_simple_history.models import Poem, Writer

admin.site.register(Poem, SimpleHistoryAdmin)


def tiger() -> Any:
    return Poem.objects.get(title__startswith="The T")


def versions(poem: Any) -> list[Any]:
    return [[each.history_type, each.title, each.text] for each in poem.history.all()]


@operation
def create_and_change() -> list[Any]:
    poem = Poem.objects.create(title="The Tiger", writer=Writer.objects.create(name="Blake"))
    poem.text = "burning bright"
    poem.save()
    poem.title = "The Tyger"
    poem._change_reason = "as he spelt it"
    poem.save()
    return [versions(poem), poem.history.first().history_change_reason]


@operation
def difference() -> list[Any]:
    new, old = tiger().history.all()[:2]
    return [[each.field, each.old, each.new] for each in new.diff_against(old).changes]


@operation
def previous_and_next() -> list[Any]:
    last = tiger().history.latest()
    first = tiger().history.earliest()
    return [last.prev_record.title, first.next_record.text, last.next_record, first.prev_record]


@operation
def as_of() -> list[Any]:
    moment = tiger().history.all()[1].history_date
    return [tiger().history.as_of(moment).title, [p.title for p in Poem.history.as_of(moment)]]


@operation
def related() -> list[Any]:
    return [each.writer.name for each in tiger().history.select_related("writer")]


@operation
def many_to_many() -> list[Any]:
    poem = tiger()
    poem.tags.add(Writer.objects.create(name="Songs of Experience"))
    return [poem.history.count(), [each.writer.name for each in poem.history.first().tags.all()]]


@operation
def by_user() -> list[Any]:
    poem = tiger()
    poem._history_user = user("ada")
    poem.text = "in the forests"
    poem.save()
    return [each.history_user and each.history_user.username for each in poem.history.all()]


@operation
def revert() -> list[Any]:
    tiger().history.earliest().instance.save()
    return [Poem.objects.get().title, Poem.objects.get().history.count()]


@operation
def in_bulk() -> list[Any]:
    poems = [Poem(title=f"Song {n:02}") for n in range(30)]
    made = bulk_create_with_history(poems, Poem, default_user=user("ada"), batch_size=20)
    for poem in made:
        poem.text = f"of {poem.title}"
    bulk_update_with_history(made, Poem, ["text"], batch_size=20)
    return [Poem.history.count(), versions(Poem.objects.get(title="Song 07"))]


@operation
def latest_of_each() -> list[Any]:
    found = Poem.history.latest_of_each()
    return sorted([each.title, each.text] for each in found)[:5]


@operation
def delete_and_restore() -> list[Any]:
    poem = Poem.objects.get(title="Song 07")
    poem.delete()
    old = Poem.history.filter(title="Song 07").latest()
    kinds = [old.history_type, Poem.objects.filter(title="Song 07").exists()]
    old.instance.save()
    return [*kinds, Poem.objects.filter(title="Song 07").exists()]


@operation
def admin_changes() -> list[Any]:
    client, poem = superuser(), Poem.objects.get(title="Song 08")
    address = f"/admin/with_simple_history/poem/{poem.pk}/"
    saved = client.post(f"{address}change/", {"title": "Song VIII", "text": "by the admin"})
    old = poem.history.earliest().pk
    shown = [page(client.get(f"{address}history/")), page(client.get(f"{address}history/{old}/"))]
    return [page(saved), *shown, poem.history.first().history_user.username]


@operation
def populate() -> list[Any]:
    Poem.objects.bulk_create([Poem(title="Auguries")])
    Poem.history.all().delete()
    call_command("populate_history", "with_simple_history.Poem", verbosity=0)
    return [Poem.objects.get(title="Auguries").history.count(), Poem.history.count()]


@operation
def clean_duplicates() -> list[int]:
    poem = Poem.objects.get(title="Song 09")
    poem.save()
    poem.save()
    before = poem.history.count()
    call_command("clean_duplicate_history", "--auto", verbosity=0)
    return [before, poem.history.count()]


@operation
def clean_old() -> list[int]:
    poem = Poem.objects.get(title="Song 09")
    long_ago = timezone.now() - timedelta(days=40)
    poem.history.update(history_date=long_ago)
    call_command("clean_old_history", "--auto", "--days", "30", verbosity=0)
    return [poem.history.count(), Poem.history.filter(title="Song 10").count()]

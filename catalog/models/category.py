"""The tree of categories, kept so that one Query returns all of it in reading order."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.languages import carried
from catalog.models.translated import Translated

MAX_DEPTH = 6
TREE = "main"
#: Sorts before every character of a slug, so that a category's children come before
#: its next sibling, also when that sibling's slug begins with the category's.
SEPARATOR = "!"


class Category(Translated):
    """A node of the category tree.

    `tree_path` and `ancestors` follow from the parent whenever the row is saved; what
    lies below is moved along by `services.save_category`, which is the way to save.
    """

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, db_index=False)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("category", "parent"),
        related_name="children",
    )
    position = models.PositiveIntegerField(
        _("position"),
        default=0,
        validators=[MaxValueValidator(99_999)],
        help_text=_("Order among its siblings."),
    )
    description = models.TextField(_("description"), blank=True)
    tree = models.CharField(max_length=8, default=TREE, editable=False)
    tree_path = models.CharField(max_length=600, editable=False)
    ancestors = models.JSONField(default=list, editable=False)
    filled_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When a product or category was last put here.")
    )

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("tree_path",)
        indexes = (models.Index(fields=["tree", "tree_path"], name="category_tree"),)

    def __str__(self) -> str:
        return " / ".join([ancestor["name"] for ancestor in self.ancestors] + [self.name])

    @property
    def depth(self) -> int:
        """0 for a root."""
        return len(self.ancestors)

    def as_link(self) -> dict[str, Any]:
        texts = carried(self.texts, "name")
        return {"id": self.pk, "name": self.name, "slug": self.slug, **texts}

    def clean(self) -> None:
        parent = self.parent
        if parent is None:
            return
        if self.pk is not None and self.pk in {parent.pk, *(a["id"] for a in parent.ancestors)}:
            raise ValidationError({"parent": gettext("A category cannot lie below itself.")})
        if parent.depth + 1 >= MAX_DEPTH:
            raise ValidationError({"parent": too_deep()})

    def place(self) -> None:
        """Take path and ancestors from the parent."""
        segment = f"{self.position:05d}-{self.slug}"
        if self.parent is None:
            self.tree_path, self.ancestors = segment, []
        else:
            self.tree_path = f"{self.parent.tree_path}{SEPARATOR}{segment}"
            self.ancestors = [*self.parent.ancestors, self.parent.as_link()]

    def mark_filled(self) -> None:
        """Say that something was put here, for `services.delete_category` to notice."""
        self.filled_at = timezone.now()
        self.save(update_fields=["filled_at"])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.place()
        super().save(*args, **kwargs)


def too_deep() -> str:
    """Why a category cannot lie so far below."""
    return gettext("Categories nest at most {depth} deep.").format(depth=MAX_DEPTH)

"""Where an imported product goes: the category that its file means, made if that is wished."""

from collections.abc import Collection

from django.core.exceptions import ValidationError

from catalog.importing.choices import Choices
from catalog.importing.drafts import LineError, ProductDraft, Refused
from catalog.importing.names import shorten, slug_of_name
from catalog.models import Category
from catalog.selectors import list_categories
from catalog.services import save_category

LONGEST_SLUG = 80

Path = tuple[str, ...]  # names from the root, in lower case


class Filing:
    """The shop's categories for the length of an import, by path and by slug."""

    def __init__(self, choices: Choices, expected: Collection[str] = ()):
        self.choices = choices
        self.expected = expected  # slugs that a dry run takes for made
        self.by_path: dict[Path, Category] = {}
        for category in list_categories():
            self.remember(category)

    def remember(self, category: Category) -> None:
        names = [*(link["name"] for link in category.ancestors), category.name]
        self.by_path.setdefault(tuple(name.casefold() for name in names), category)

    def category_id(self, draft: ProductDraft, *, make: bool = True) -> int | None:
        """The key of the draft's category; None for one that is yet to be made, unless `make`.

        A dry run makes none. Raises Refused, with what to do; also if it could not be made.
        """
        if draft.category:
            return self.by_slug(draft, draft.category)
        known = self.known(draft.category_path)
        if known is not None:
            return known.pk
        if draft.category_path and self.choices.make_categories:
            found = self.make(draft, really=False)  # of all or none: they can be made
            return self.make(draft, really=True) if make and not self.choices.dry_run else found
        if self.choices.category:
            return self.by_slug(draft, self.choices.category)
        raise self.refusal(draft)

    def by_slug(self, draft: ProductDraft, slug: str) -> int | None:
        # By key and not from the tree: the tree's index may lag behind a category just made.
        category = Category.objects.filter(slug=slug).first()
        if category is not None:
            return category.pk
        if slug in self.expected:
            return None
        error = LineError(draft.line, draft.column("category"), f"There is no category {slug}.")
        raise Refused([error])

    def known(self, names: Path) -> Category | None:
        """By its whole path; a single name is any category's that has it alone."""
        path = tuple(name.casefold() for name in names)
        if path in self.by_path or len(path) != 1:
            return self.by_path.get(path)
        same = [category for known, category in self.by_path.items() if known[-1] == path[0]]
        return same[0] if len(same) == 1 else None

    def make(self, draft: ProductDraft, *, really: bool) -> int | None:
        """Make the category, and above it what is missing; or only find that they can be made."""
        parent: Category | None = None
        for depth, name in enumerate(draft.category_path, start=1):
            path = tuple(part.casefold() for part in draft.category_path[:depth])
            parent = self.by_path.get(path) or self.save(draft, name, parent, really=really)
        return None if parent is None else parent.pk

    def save(
        self, draft: ProductDraft, name: str, parent: Category | None, *, really: bool
    ) -> Category:
        category = Category(name=name, slug=free_slug(name, parent), parent=parent)
        try:
            if really:
                save_category(category=category)
                self.remember(category)
            else:
                category.full_clean(exclude={"parent"})  # which may be no row yet
                category.place()
        except ValidationError as error:
            reasons = [LineError(draft.line, draft.column("category"), m) for m in error.messages]
            raise Refused(reasons) from error
        return category

    def refusal(self, draft: ProductDraft) -> Refused:
        column = draft.column("category")
        if not draft.category_path:
            sentence = "This must not be empty; or let --category say where such products go."
        else:
            name = " > ".join(draft.category_path)
            sentence = (
                f"There is no category {name}. Let --make-categories make it, or --category say "
                "where such products go."
            )
        return Refused([LineError(draft.line, column, sentence)])


def free_slug(name: str, parent: Category | None) -> str:
    """The name's slug; where that is another category's, with the parent's before it."""
    slug = slug_of_name(name, LONGEST_SLUG)
    if parent is None or not Category.objects.filter(slug=slug).exists():
        return slug
    return shorten(f"{parent.slug}-{slug}", LONGEST_SLUG)

"""What a line of a file asks for, before the shop is asked whether it can be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.languages import Texts


@dataclass(frozen=True)
class LineError:
    """A mistake in a file, in words for whoever wrote it. The header is line 1.

    Line 0 is the file as a whole; no column is the line as a whole.
    """

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [self.column] if self.column else []
        return ": ".join(filter(None, [", ".join(where), self.message]))


class Refused(Exception):
    """A product or category that cannot be imported, with every reason found."""

    def __init__(self, errors: list[LineError]):
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors

    @property
    def line(self) -> int:
        return self.errors[0].line


class Mistakes:
    """All that is wrong with an entry. Of a cell that could not be read nothing more is said."""

    def __init__(self, unread: Iterable[LineError]):
        self.errors = list(unread)
        self.unread = {(error.line, error.column) for error in self.errors}

    def add(self, errors: Iterable[LineError]) -> None:
        self.errors += [each for each in errors if (each.line, each.column) not in self.unread]

    def refuse_any(self) -> None:
        """Raises Refused if there are some, in the order of the lines."""
        if self.errors:
            raise Refused(sorted(self.errors, key=lambda error: error.line))


@dataclass(frozen=True)
class CategoryDraft:
    line: int
    slug: str
    name: str
    parent: str
    position: int
    description: str
    texts: Texts = field(default_factory=dict)
    errors: list[LineError] = field(default_factory=list)

    def column(self, name: str) -> str:
        return name


@dataclass(frozen=True)
class VariantDraft:
    line: int
    sku: str
    options: dict[str, str]
    price: Decimal
    currency: str
    barcode: str
    weight_grams: int
    stock: int


@dataclass(frozen=True)
class ImageDraft:
    """A picture by its file's name. One that was named by an address may be missing.

    It shows the variants that have these `options`; without any, the product as a whole.
    """

    line: int
    name: str
    alt: str
    is_address: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SwatchDraft:
    line: int
    option: str
    value: str
    colour: str
    errors: list[LineError] = field(default_factory=list)


@dataclass
class ProductDraft:
    """`category` is a slug, or empty where `category_path` names it from the root of the tree.

    `texts` has what the file's columns say in the shop's other languages. `columns` are the file's
    names of what the models call `slug`, `sku` and so on; `notes` what was read otherwise than it
    is written there; `errors` what could not be read.
    """

    line: int
    slug: str
    name: str
    description: str
    brand: str
    category: str
    status: str
    attributes: dict[str, str]
    variants: list[VariantDraft] = field(default_factory=list)
    images: list[ImageDraft] = field(default_factory=list)
    category_path: tuple[str, ...] = ()
    texts: Texts = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    notes: list[LineError] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)

    def column(self, name: str) -> str:
        """What the file calls it."""
        return self.columns.get(name, name)

"""What a line of a file asks for, before the shop is asked whether it can be."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class LineError:
    """A mistake in a file, in words for whoever wrote it. The header is line 1."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.message}"


class Refused(Exception):
    """A product or category that cannot be imported, with every reason found."""

    def __init__(self, errors: list[LineError]):
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors


@dataclass(frozen=True)
class CategoryDraft:
    line: int
    slug: str
    name: str
    parent: str
    position: int
    description: str


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
    line: int
    name: str
    alt: str


@dataclass
class ProductDraft:
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

"""What the variants of one product must be to each other, and what customers see of that. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext

from backoffice.words import normalise

Options = Mapping[str, str]
FEW = 3  # pieces, of all variants together
AVAILABILITIES = ("in_stock", "few_left", "sold_out")


def availability_of(pieces: int) -> str:
    """What a list says of a product with so many pieces to sell."""
    if pieces <= 0:
        return "sold_out"
    return "few_left" if pieces <= FEW else "in_stock"


def may_change_availability(before: int, after: int) -> bool:
    """Whether it can, when a variant's pieces change so, whatever there is of the others.

    All are few only if each is: so one that had, and has, more than a few decides nothing.
    """
    return before != after and min(before, after) <= FEW


def options_in_order(options: Iterable[Options]) -> dict[str, list[str]]:
    """The values by name of a product's options, both as they are first seen in its variants."""
    values: dict[str, list[str]] = {}
    for variant in options:
        for name, value in variant.items():
            known = values.setdefault(name, [])
            if value not in known:
                known.append(value)
    return values


def picture_for(options: Options, pictures: Sequence[Options]) -> int | None:
    """The place of the picture that shows a variant, given what each picture shows.

    The first that shows a part of the variant's options and nothing else; else the first of the
    product as a whole; else the first of all. None without pictures.
    """
    own = comparable(options)
    fitting = (place for place, shown in enumerate(pictures) if shown and comparable(shown) <= own)
    whole = (place for place, shown in enumerate(pictures) if not shown)
    return next(fitting, next(whole, 0 if pictures else None))


def shared_options(options: Iterable[Options]) -> dict[str, str]:
    """What all of these have in common, in the order and the letters of the first."""
    first, *others = options
    shared = comparable(first).intersection(*map(comparable, others))
    return {name: value for name, value in first.items() if comparable({name: value}) <= shared}


def comparable(options: Options) -> frozenset[tuple[str, str]]:
    """Names and values without regard to case, accents and spaces."""
    return frozenset((normalise(name), normalise(value)) for name, value in options.items())


def check_options(options_by_sku: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What is wrong with the options of a product's variants, by SKU, a sentence each.

    All variants have the same option names, and no two the same values: a customer could not
    choose between them. Case, accents and spaces make no difference between two values. A single
    variant may be without options.
    """
    return [*incomplete(options_by_sku), *repeated(options_by_sku)]


def incomplete(options_by_sku: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    names = list(dict.fromkeys(name for options in options_by_sku.values() for name in options))
    for sku, options in options_by_sku.items():
        if lacking := [name for name in names if name not in options]:
            sentence = gettext(
                "{sku} lacks {names}: all variants of a product have the same options."
            )
            yield sentence.format(sku=sku, names=listed(lacking))


def repeated(options_by_sku: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    alike: dict[frozenset[tuple[str, str]], list[str]] = {}
    for sku, options in options_by_sku.items():
        values = frozenset((name, normalise(value)) for name, value in options.items())
        alike.setdefault(values, []).append(sku)
    for values, skus in alike.items():
        sentence = gettext("{skus} have no options: say in what they differ, as in size=M.")
        if values:
            sentence = gettext(
                "{skus} have the same options: each variant differs from the others."
            )
        if len(skus) > 1:
            yield sentence.format(skus=listed(skus))


def listed(names: list[str]) -> str:
    """`A, B and C`."""
    *others, last = names
    return " ".join((", ".join(others), gettext("and"), last)) if others else last

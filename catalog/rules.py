"""What the variants of one product must be to each other. Pure."""

from collections.abc import Iterator, Mapping

from backoffice.words import normalise


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
            yield (
                f"{sku} lacks {listed(lacking)}: all variants of a product have the same options."
            )


def repeated(options_by_sku: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    alike: dict[frozenset[tuple[str, str]], list[str]] = {}
    for sku, options in options_by_sku.items():
        values = frozenset((name, normalise(value)) for name, value in options.items())
        alike.setdefault(values, []).append(sku)
    for values, skus in alike.items():
        if len(skus) > 1 and values:
            yield f"{listed(skus)} have the same options: each variant differs from the others."
        elif len(skus) > 1:
            yield f"{listed(skus)} have no options: say in what they differ, as in size=M."


def listed(names: list[str]) -> str:
    """`A, B and C`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last

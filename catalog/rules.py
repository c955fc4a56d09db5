"""What holds between the variants of a product: pure functions over plain data."""

from collections.abc import Mapping

from catalog.pairs import format_pairs


def check_options(options_by_sku: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What is wrong with the options of a product's variants, in sentences.

    Customers choose a variant by its options. So each has a value for every name that any of
    them has, and no two have the same. One variant alone needs none.
    """
    if len(options_by_sku) < 2:
        return []
    names = dict.fromkeys(name for options in options_by_sku.values() for name in options)
    missing = [
        f"{sku} has no {name}: the other variants have one."
        for sku, options in options_by_sku.items()
        for name in names
        if name not in options
    ]
    return missing + find_doubles(options_by_sku)


def find_doubles(options_by_sku: Mapping[str, Mapping[str, str]]) -> list[str]:
    first: dict[frozenset[tuple[str, str]], str] = {}
    found = []
    for sku, options in options_by_sku.items():
        other = first.setdefault(frozenset(options.items()), sku)
        if other != sku:
            same = f"the same options: {format_pairs(options)}" if options else "no options"
            found.append(f"{other} and {sku} have {same}. Nobody could tell them apart.")
    return found

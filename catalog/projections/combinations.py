"""All combinations of a product's options, counted through. Pure.

Combination n has the values whose places are n's digits, the last option counting fastest: of
colour (Red, Blue) and size (S, M, L) number 4 is Blue, M. One bit for each says which can be had,
where a page has no room for all variants.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence

Options = Mapping[str, str]
Values = Mapping[str, Sequence[str]]  # of each option, in order

MOST_COMBINATIONS = 65_536  # 8 KB of bits


def can_be_counted(values: Values) -> bool:
    total = 1
    for each in values.values():
        total *= len(each)
    return bool(values) and total <= MOST_COMBINATIONS


def number_of(options: Options, values: Values) -> int:
    """The number of a variant's combination. Raises KeyError or ValueError for an option that it
    lacks, or a value that is not among them."""
    number = 0
    for name, known in values.items():
        number = number * len(known) + known.index(options[name])
    return number


def to_be_had(numbers: Mapping[str, int], pieces: Mapping[str, int]) -> str:
    """The bits of the combinations of which there is a piece; both by SKU."""
    return pack(number for sku, number in numbers.items() if pieces.get(sku, 0) > 0)


def pack(numbers: Iterable[int]) -> str:
    """Bits as base64; bit n is bit n % 8, the lowest first, of byte n // 8."""
    found = sorted(numbers)
    packed = bytearray(found[-1] // 8 + 1 if found else 0)
    for number in found:
        packed[number // 8] |= 1 << number % 8
    return b64encode(packed).decode()


def unpack(bits: str) -> set[int]:
    packed = b64decode(bits)
    return {
        8 * place + bit for place, byte in enumerate(packed) for bit in range(8) if byte >> bit & 1
    }

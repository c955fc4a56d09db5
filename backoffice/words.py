"""Text as it is searched: without regard to case, accents and ligatures. Pure."""

import unicodedata

#: Letters that Unicode does not take apart, as people without them on their keyboard write them.
WRITTEN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
MOST_WORDS = 8  # each is compared with each row: a request of a thousand would take seconds


def normalise(text: str) -> str:
    """`Straße` as `strasse`, `ÅNGSTRÖM` as `angstrom`; spaces between words are single.

    Unicode's case folding, then its compatible decomposition without the combining marks
    (Unicode Standard, 5.18 and UAX #15).
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return " ".join(plain.casefold().translate(WRITTEN).split())


def search_words(text: str) -> list[str]:
    """The different words of what was typed into a search box, at most MOST_WORDS."""
    return list(dict.fromkeys(normalise(text).split()))[:MOST_WORDS]

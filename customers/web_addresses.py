"""Addresses of web pages where a name or a street should stand.

Names and addresses stand in the shop's mails, and mail programs make links of them: whoever
checks out with a stranger's address could have the shop send theirs.
"""

import re
import unicodedata

from customers.endings import ENDINGS

DOTS = str.maketrans("。．｡", "...")  # programs that make links take these for points
# Patterns as text: `re` compiles them when one is first used.
#: A word before a point, looked at with the one behind it, which may itself be before another.
HOST = r"(?<![\w-])(?P<label>[^\W_](?:[\w-]*[^\W_])?)(?=\.(?P<ending>[\w-]+)(?P<path>/?))"
CERTAIN = r"\w://|\bhttps?:|\bwww\d?\.\w"
# Where people write no blank after the point, these come before de, la, no, estate, ltd, ...
ABBREVIATIONS = frozenset(
    "apt apto apdo av avd avda ave bldg blk blvd cad calle col cra ctra dept dipl dist door dpto "
    "dra edif engg esq ext fam flat fracc fraz geb govt house ind ing inh int lic loc mag mah med "
    "mgr mlle mme mrs mza opp piso pje plot plz prof prol pty pvt pza pta qta rda rdo res rev room "
    "rua shop sok sra srta str stg tel top tra trav univ urb via whg".split()
)
SHORTEST = 3  # letters of a name before its ending: Co.KG and C.so are no web addresses


def has_web_address(text: str) -> bool:
    """Whether a mail program would make a link of something in it: https://…, www.…, name.com."""
    plain = unicodedata.normalize("NFKC", text).translate(DOTS).casefold()
    if re.search(CERTAIN, plain):
        return True
    return any(is_host(found) for found in re.finditer(HOST, plain))


def is_host(found: re.Match[str]) -> bool:
    """Whether the match is one: with a path it is, and else if its name is no abbreviation."""
    label = found["label"]
    if found["ending"] not in ENDINGS:
        return False
    if found["path"]:
        return True
    return len(label) >= SHORTEST and label not in ABBREVIATIONS

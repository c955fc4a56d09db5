"""Addresses of web pages where a name or a street should stand.

Names and addresses stand in the shop's mails, and mail programs make links of them: whoever
checks out with a stranger's address could have the shop send theirs.
"""

import re
import unicodedata

from orders.countries import COUNTRIES

DOTS = str.maketrans("。．｡", "...")  # programs that make links take these for points
GENERIC = """
app art bar best biz blog buzz cam cc cfd click cloud club codes com company cyou date design
dev digital download edu email eu expert fun fyi game games gov group guru help icu info ink
int io life link live lol ltd media mil mobi money net network news ninja one online org page
party photos pics press pro pub quest review rest rocks run sale sbs science shop site skin
social space store stream su support tech team tips today tokyo top trade uk vip webcam website
wiki win work works world wtf xxx xyz zone рф
""".split()
ENDINGS = "|".join(sorted({*GENERIC, *(code.lower() for code in COUNTRIES)}))
HOST = re.compile(
    rf"(?<![\w-])(?P<label>[^\W_](?:[\w-]*[^\W_])?)\.(?P<ending>{ENDINGS})(?![\w-])(?P<path>/?)"
)
CERTAIN = re.compile(r"\w://|\bhttps?:|\bwww\d?\.\w")
# Where people write no blank after the point, these come before de, am, do, no, ...
ABBREVIATIONS = frozenset(
    "apt apto apdo av avd avda ave bldg blk blvd calle cra ctra dept dpto edif esq ing inh lic "
    "mgr opp piso pje plz prof prol pza pta qta rda rdo rua str stg tel top tra trav urb "
    "via".split()
)
SHORTEST = 3  # letters of a name before its ending: Co.KG and C.so are no web addresses


def has_web_address(text: str) -> bool:
    """Whether a mail program would make a link of something in it: https://…, www.…, name.com."""
    plain = unicodedata.normalize("NFKC", text).translate(DOTS).casefold()
    if CERTAIN.search(plain):
        return True
    return any(is_host(found) for found in HOST.finditer(plain))


def is_host(found: re.Match[str]) -> bool:
    """Whether the match is one: with a path it is, and else if its name is no abbreviation."""
    label = found["label"]
    if found["path"]:
        return True
    return len(label) >= SHORTEST and label not in ABBREVIATIONS

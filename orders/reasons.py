"""Why orders end, as an order keeps it: in English. Whoever reads it reads it in his language."""

import re
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

TAKEN_BACK = _("the payment was taken back")
DECLINED = _("payment declined: {why}")
NOT_PAID = _("not paid in time")
SOLD_OUT = _("sold out: {sku}")
CHARGED = _("charged {got} instead of {due}")
AUTHORIZED = _("authorized {got} instead of {due}")
REASONS = (TAKEN_BACK, DECLINED, NOT_PAID, SOLD_OUT, CHARGED, AUTHORIZED)


def told(reason: str) -> str:
    """The reason in the language that is active; what a person wrote stays as it is."""
    for known in REASONS:
        match = pattern(known).fullmatch(reason)
        if match:
            said = match.groupdict()
            if known == DECLINED:
                said["why"] = phrase(said["why"])
            return gettext(known).format(**said)
    return reason


def phrase(why: str) -> str:
    """A provider's phrase in the language that is active, where it is a known one."""
    return gettext(why) if why else ""


def is_of(known: str, reason: str) -> bool:
    """Whether it is that one, of whatever."""
    return pattern(known).fullmatch(reason) is not None


@cache
def pattern(known: str) -> re.Pattern[str]:
    """Matches all that can have been made of it."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>.*)", known), re.DOTALL)

"""Mail addresses as SES takes them: ASCII, without SMTPUTF8.

https://docs.aws.amazon.com/ses/latest/APIReference/API_Destination.html: the part before the @
"may only contain 7-bit ASCII characters", a domain beyond ASCII must come in Punycode.
"""

import re
from email.utils import formataddr, parseaddr

from django.utils.translation import gettext

from mails.errors import WrongMailAddress

LONGEST, LONGEST_LOCAL = 254, 64  # characters: RFC 5321, 4.5.3.1
# As text: `re` compiles a pattern when it is first used, and few processes use these.
LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
DOMAIN = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?"


def ascii_address(address: str) -> str:
    """The address with its domain in ASCII (IDNA 2008). Raises WrongMailAddress."""
    local, at, domain = address.rpartition("@")
    if not at:
        raise WrongMailAddress(gettext("An address like ada@example.com."))
    if not local.isascii():
        raise WrongMailAddress(
            gettext(
                "Only unaccented Latin letters, digits and signs before the @: our mail cannot "
                "reach other addresses. Give another one."
            )
        )
    if len(local) > LONGEST_LOCAL or not re.fullmatch(LOCAL, local, re.IGNORECASE):
        raise WrongMailAddress(
            gettext(
                "Our mail cannot reach what stands before the @: at most 64 letters, digits and "
                "signs, single points between them, no blanks or quotation marks."
            )
        )
    written = f"{local}@{ascii_domain(domain)}"
    if len(written) > LONGEST:
        raise WrongMailAddress(gettext("At most {most} characters.").format(most=LONGEST))
    return written


def ascii_domain(domain: str) -> str:
    """Raises WrongMailAddress for what is no name in the DNS."""
    try:
        written = domain if domain.isascii() else encode(domain)
    except UnicodeError:
        written = ""
    if not re.fullmatch(DOMAIN, written, re.IGNORECASE):
        raise WrongMailAddress(
            gettext("No mail can be sent to what stands after the @: a domain like example.com.")
        )
    return written


def encode(domain: str) -> str:
    import idna  # with the first such domain: its tables are large

    return idna.encode(domain, uts46=True).decode()


def normal_form(address: str) -> str:
    """One text for one mailbox, whatever the case and however its domain is written.

    Raises WrongMailAddress.
    """
    return ascii_address(address).lower()


def header_form(address: str) -> str:
    """An address, or a name with one (`Café <shop@example.com>`), as it stands in a header:
    the name encoded (RFC 2047). Raises WrongMailAddress."""
    name, bare = parts(address)
    return formataddr((name, ascii_address(bare)))


def envelope_form(address: str) -> str:
    """The address alone. Raises WrongMailAddress."""
    return ascii_address(parts(address)[1])


def parts(address: str) -> tuple[str, str]:
    """Name and address. Raises WrongMailAddress for line breaks: they would begin a header."""
    if not address.isprintable():
        raise WrongMailAddress(gettext("One line, without control characters."))
    return parseaddr(address)

"""Whether mails will reach anybody: what SES says of the account and of the sender's domain, and
what the domain's DNS says. Each fault with the records to add.

Gmail, Yahoo and others ask for all three, DKIM, SPF and DMARC:
https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dmarc.html
"""

from collections.abc import Callable, Iterator
from typing import Any

SUCCESS = "SUCCESS"
PATIENCE = 3.0  # seconds for an answer of the DNS

# The TXT records of a name; None where nobody could be asked.
Resolver = Callable[[str], list[str] | None]


def identity_of(ses: Any, domain: str) -> dict[str, Any] | None:
    """What SES (boto3's client of its second API) knows of the domain; None for nothing."""
    try:
        identity: dict[str, Any] = ses.get_email_identity(EmailIdentity=domain)
    except ses.exceptions.NotFoundException:
        return None
    return identity


def wrong_sender(ses: Any, domain: str, region: str) -> Iterator[str]:
    """Why SES will send nothing for the domain."""
    identity = identity_of(ses, domain)
    if identity is None:
        yield f"SES does not know {domain}: was it deleted by hand? Delete the stack, deploy again."
    elif not identity.get("VerifiedForSendingStatus"):
        records = [*dkim_records(identity, domain), *spf_records(identity, region)]
        yield (
            f"SES may not send for {domain} yet. Add to its DNS, wait, deploy again:"
            f"{listed([*records, dmarc_record(domain)])}"
        )


def weak_sender(ses: Any, domain: str, region: str, look_up: Resolver) -> Iterator[str]:
    """What SES sends without, and others may therefore refuse."""
    identity = identity_of(ses, domain) or {}
    if identity.get("DkimAttributes", {}).get("Status", SUCCESS) != SUCCESS:
        yield f"{domain} does not sign its mails (DKIM):{listed(dkim_records(identity, domain))}"
    missing = spf_records(identity, region)
    if missing:
        yield f"Nobody can tell that SES may send for {domain} (SPF):{listed(missing)}"
    yield from wrong_policy(domain, look_up)


def wrong_policy(domain: str, look_up: Resolver) -> Iterator[str]:
    """DMARC, of the domain or one above it: the first that has a record counts."""
    record = listed([dmarc_record(domain)])
    for name in above(domain):
        texts = look_up(f"_dmarc.{name}")
        if texts is None:
            yield (
                f"The DNS could not be asked whether {domain} has a policy (DMARC). If it has "
                f"none:{record}"
            )
            return
        if any(text.startswith("v=DMARC1") for text in texts):
            return
    yield f"{domain} has no policy for forged mails (DMARC):{record}"


def in_sandbox(ses: Any) -> bool:
    """Whether SES sends to addresses alone that the account has verified itself."""
    return not ses.get_account()["ProductionAccessEnabled"]


SANDBOX = (
    "SES is in its sandbox here: it sends to addresses alone that you have verified, to no "
    "customer. `aws sesv2 put-account-details --production-access-enabled --mail-type "
    "TRANSACTIONAL --website-url https://{domain} --region {region}` asks AWS to end that; it "
    "takes a day or so."
)


# Records ---------------------------------------------------------------------------------


def dkim_records(identity: dict[str, Any], domain: str) -> list[str]:
    tokens = identity.get("DkimAttributes", {}).get("Tokens", [])
    return [f"{token}._domainkey.{domain} CNAME {token}.dkim.amazonses.com" for token in tokens]


def spf_records(identity: dict[str, Any], region: str) -> list[str]:
    """Of the MAIL FROM domain; none where SES has found them, or where there is no such."""
    attributes = identity.get("MailFromAttributes", {})
    name = attributes.get("MailFromDomain")
    if not name or attributes.get("MailFromDomainStatus", SUCCESS) == SUCCESS:
        return []
    return [
        f"{name} MX 10 feedback-smtp.{region}.amazonses.com",
        f'{name} TXT "v=spf1 include:amazonses.com ~all"',
    ]


def dmarc_record(domain: str) -> str:
    return f'_dmarc.{domain} TXT "v=DMARC1; p=none"'


def listed(records: list[str]) -> str:
    return "".join(f"\n  {record}" for record in records)


# The DNS ---------------------------------------------------------------------------------


def above(domain: str) -> Iterator[str]:
    """mail.corner.shop, then corner.shop; never shop."""
    labels = domain.split(".")
    for first in range(len(labels) - 1):
        yield ".".join(labels[first:])


def texts_of(name: str) -> list[str] | None:
    """By the machine's own resolver. None if that does not answer, or dnspython is not here:
    it is one of requirements-dev.txt, for nothing but this needs it."""
    try:
        from dns import exception, resolver
    except ImportError:
        return None
    try:
        answer = resolver.resolve(name, "TXT", lifetime=PATIENCE)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except (exception.DNSException, OSError):
        return None
    return [b"".join(record.strings).decode(errors="replace") for record in answer]

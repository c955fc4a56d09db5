"""What the account must have before anything is made in it."""

from collections.abc import Iterator

from infrastructure.checks import stop
from infrastructure.concurrency import affordable, shortage
from infrastructure.sender import (
    SANDBOX,
    Resolver,
    identity_of,
    in_sandbox,
    texts_of,
    weak_sender,
    wrong_sender,
)
from infrastructure.stages import Stage


def preflight(stage: Stage, look_up: Resolver = texts_of) -> list[str]:
    """What should be better, a sentence each.

    Raises DeploymentError with what must be better. Nothing is made or changed.
    """
    if stage.has_mail:
        stop(list(wrong_mail(stage)))
    return [*scarce(stage), *(weak_mail(stage, look_up) if stage.has_mail else ())]


def scarce(stage: Stage) -> Iterator[str]:
    wanted = stage.parameters["concurrency"]
    found = affordable(stage.client("lambda"), stage.functions, wanted)
    if sentence := shortage(wanted, found, stage.region):
        yield sentence


def wrong_mail(stage: Stage) -> Iterator[str]:
    """A live shop that can write to no customer; a sender that SES knows and does not trust."""
    ses, domain = stage.client("sesv2"), str(stage.parameters["template"]["MailDomain"])
    if stage.name == "production" and not may_be_in_sandbox(stage) and in_sandbox(ses):
        yield (
            f"{sandbox(stage)} To deploy all the same, set mail_sandbox to true in "
            f"infrastructure/stages/{stage.name}.json."
        )
    if identity_of(ses, domain) is not None:
        yield from wrong_sender(ses, domain, stage.region)


def weak_mail(stage: Stage, look_up: Resolver) -> Iterator[str]:
    ses, domain = stage.client("sesv2"), str(stage.parameters["template"]["MailDomain"])
    if in_sandbox(ses):
        yield sandbox(stage)
    if not stage.endpoint:  # a local AWS has a domain that is nobody's
        yield from weak_sender(ses, domain, stage.region, look_up)


def may_be_in_sandbox(stage: Stage) -> bool:
    return bool(stage.parameters.get("mail_sandbox"))


def sandbox(stage: Stage) -> str:
    domain = stage.parameters["template"].get("Domain", stage.parameters["template"]["MailDomain"])
    return SANDBOX.format(domain=domain, region=stage.region)

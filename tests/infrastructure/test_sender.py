"""A sender whose mails others refuse is found before anything is deployed, with what to add."""

import dataclasses
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import boto3
import dns.message
import dns.resolver
import dns.rrset
import pytest

from infrastructure.errors import DeploymentError
from infrastructure.preflight import preflight
from infrastructure.sender import in_sandbox, texts_of, weak_sender, wrong_policy, wrong_sender
from infrastructure.stages import Stage, load_stage

REGION = "eu-central-1"
DKIM = "\n  abc._domainkey.corner.shop CNAME abc.dkim.amazonses.com"
SPF = (
    "\n  bounces.corner.shop MX 10 feedback-smtp.eu-central-1.amazonses.com"
    '\n  bounces.corner.shop TXT "v=spf1 include:amazonses.com ~all"'
)
DMARC = '\n  _dmarc.corner.shop TXT "v=DMARC1; p=none"'


class SES:
    """Waiting for DNS records: the local one verifies at once."""

    exceptions = boto3.client("sesv2").exceptions

    def __init__(self, verified: bool, dkim: str, mail_from: str):
        self.identity = {
            "VerifiedForSendingStatus": verified,
            "DkimAttributes": {"Status": dkim, "Tokens": ["abc"]},
            "MailFromAttributes": {
                "MailFromDomain": "bounces.corner.shop",
                "MailFromDomainStatus": mail_from,
            },
        }

    def get_email_identity(self, EmailIdentity: str) -> dict[str, Any]:
        return self.identity


def policy(name: str) -> list[str]:
    """Of the domain above the sender's."""
    return ["v=DMARC1; p=reject"] if name == "_dmarc.corner.shop" else []


def test_one_that_may_not_send() -> None:
    assert list(wrong_sender(SES(False, "PENDING", "PENDING"), "corner.shop", REGION)) == [
        "SES may not send for corner.shop yet. Add to its DNS, wait, deploy again:"
        + DKIM + SPF + DMARC
    ]  # fmt: skip
    assert list(wrong_sender(SES(True, "SUCCESS", "SUCCESS"), "corner.shop", REGION)) == []
    (unknown,) = wrong_sender(boto3.client("sesv2"), "unknown.shop", REGION)
    assert unknown.startswith("SES does not know unknown.shop")


@pytest.mark.parametrize(
    ("dkim", "mail_from", "found"),
    [
        ("SUCCESS", "SUCCESS", []),
        ("FAILED", "SUCCESS", ["corner.shop does not sign its mails (DKIM):" + DKIM]),
        (
            "SUCCESS",
            "PENDING",
            ["Nobody can tell that SES may send for corner.shop (SPF):" + SPF],
        ),
    ],
)
def test_one_that_others_may_refuse(dkim: str, mail_from: str, found: list[str]) -> None:
    ses = SES(True, dkim, mail_from)
    assert list(weak_sender(ses, "corner.shop", REGION, policy)) == found


def test_a_policy() -> None:
    assert list(wrong_policy("mail.corner.shop", policy)) == []
    assert list(wrong_policy("corner.shop", lambda name: [])) == [
        "corner.shop has no policy for forged mails (DMARC):" + DMARC
    ]
    assert list(wrong_policy("corner.shop", lambda name: None)) == [
        "The DNS could not be asked whether corner.shop has a policy (DMARC). If it has none:"
        + DMARC
    ]


class Answer(socketserver.BaseRequestHandler):
    """A name server that knows one record, in two parts as long ones have."""

    def handle(self) -> None:
        data, socket = self.request
        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        name = question.question[0].name
        if name.to_text() == "_dmarc.corner.shop.":
            record = dns.rrset.from_text(name, 60, "IN", "TXT", '"v=DMARC1; " "p=none"')
            answer.answer.append(record)
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with socketserver.UDPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.server_address[1]
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        yield
        server.shutdown()


@pytest.mark.usefixtures("name_server")
def test_the_dns_is_asked() -> None:
    assert texts_of("_dmarc.corner.shop") == ["v=DMARC1; p=none"]
    assert texts_of("_dmarc.other.shop") == []


def test_no_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = dns.resolver.Resolver(configure=False)
    monkeypatch.setattr(dns.resolver, "default_resolver", silent)
    assert texts_of("_dmarc.corner.shop") is None


@pytest.fixture
def sandbox() -> Iterator[None]:
    """The local SES as a new account has it."""
    ses = boto3.client("sesv2")
    details = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://corner.shop"}
    ses.put_account_details(**details, ProductionAccessEnabled=False)
    yield
    ses.put_account_details(**details, ProductionAccessEnabled=True)


def mailing(name: str, **more: Any) -> Stage:
    """A stage on the local AWS, whose sender SES has not heard of."""
    stage = load_stage(name)
    template = {"MailFrom": "orders@new.shop", "MailDomain": "new.shop", "Domain": "new.shop"}
    parameters = stage.parameters | {"template": template} | more
    return dataclasses.replace(stage, parameters=parameters, endpoint="local")


@pytest.mark.usefixtures("sandbox")
def test_the_sandbox_stops_a_live_shop() -> None:
    """Before anything is made; another stage is told."""
    assert in_sandbox(boto3.client("sesv2")) is True
    with pytest.raises(DeploymentError) as stopped:
        preflight(mailing("production"))
    assert stopped.value.message == (
        "SES is in its sandbox here: it sends to addresses alone that you have verified, to no "
        "customer. `aws sesv2 put-account-details --production-access-enabled --mail-type "
        "TRANSACTIONAL --website-url https://new.shop --region eu-central-1` asks AWS to end "
        "that; it takes a day or so. To deploy all the same, set mail_sandbox to true in "
        "infrastructure/stages/production.json."
    )
    for stage in (mailing("staging"), mailing("production", mail_sandbox=True)):
        (told,) = preflight(stage)
        assert told.startswith("SES is in its sandbox here:")


def test_out_of_the_sandbox_nothing_is_said() -> None:
    assert preflight(mailing("production")) == []

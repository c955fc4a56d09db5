"""The records that the templates write where Route 53 has the zone."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infrastructure.checks import wrong_zone
from infrastructure.edge import TEMPLATE
from infrastructure.resources import HERE
from infrastructure.stacks import Stack
from infrastructure.templates import resources_of

OTHER = "HostedZoneId is the zone of corner.shop, and "
REGION, EDGE = "eu-central-1", "us-east-1"


@pytest.fixture(scope="module")
def zone(loopback_only: None) -> Iterator[str]:
    route53 = boto3.client("route53")
    made = route53.create_hosted_zone(Name="corner.shop", CallerReference="dns")["HostedZone"]["Id"]
    yield made.rpartition("/")[2]
    route53.delete_hosted_zone(Id=made)


@pytest.fixture(scope="module")
def records(zone: str) -> Iterator[dict[tuple[str, str], Any]]:
    """Of a stage `named` on the local AWS, by name and type."""
    stack = Stack(boto3.client("cloudformation", region_name=REGION), "shop-named", local=True)
    stack.deploy(
        HERE / "template.yaml",
        {
            "Stage": "named",
            "MailFrom": "orders@corner.shop",
            "MailDomain": "corner.shop",
            "Domain": "www.corner.shop",
            "CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/1",
            "HostedZoneId": zone,
        },
    )
    found = boto3.client("route53").list_resource_record_sets(HostedZoneId=zone)
    yield {(each["Name"], each["Type"]): each for each in found["ResourceRecordSets"]}
    stack.delete()


def test_the_domain_leads_to_cloudfront(records: dict[tuple[str, str], Any]) -> None:
    for kind in ("A", "AAAA"):
        target = records["www.corner.shop.", kind]["AliasTarget"]
        assert target["DNSName"].endswith(".cloudfront.net.")
        assert target["HostedZoneId"] == "Z2FDTNDATAQYW2"  # CloudFront's, says AWS
    assert {kind for name, kind in records if name == "www.corner.shop."} == {"A", "AAAA"}


def test_the_certificate_is_made(zone: str) -> None:
    stack = Stack(boto3.client("cloudformation", region_name=EDGE), "shop-named-edge", local=True)
    asked = {"Stage": "named", "OnAws": "no", "Domain": "www.corner.shop", "HostedZoneId": zone}
    made = stack.deploy(TEMPLATE, asked)["CertificateArn"]
    try:
        acm = boto3.client("acm", region_name=EDGE)
        certificate = acm.describe_certificate(CertificateArn=made)["Certificate"]
        assert certificate["DomainName"] == "www.corner.shop"
    finally:
        stack.delete()
    validated = resources_of(TEMPLATE, asked)["Certificate"]["Properties"]
    assert validated["ValidationMethod"] == "DNS"
    assert [list(each) for each in validated["DomainValidationOptions"]] == [
        ["DomainName", "HostedZoneId"]
    ]


def test_the_mail_keys_are_ses_s() -> None:
    """Three names and values, each of SES's own attributes: the local SES has no such."""
    resources = resources_of(HERE / "template.yaml", {"MailZoneId": "Z1", "MailDomain": "x.org"})
    found = {
        name: (each["Properties"]["Type"], each["Properties"]["Name"]["Fn::GetAtt"])
        for name, each in resources.items()
        if each["Type"] == "AWS::Route53::RecordSet"
    }
    assert found == {
        f"MailKey{n}": ("CNAME", ["MailIdentity", f"DkimDNSTokenName{n}"]) for n in (1, 2, 3)
    }


def test_no_zone_no_records() -> None:
    """DNS that is elsewhere is left alone."""
    resources = {
        **resources_of(HERE / "template.yaml", {"Domain": "www.corner.shop", "ApiId": "made"}),
        **resources_of(TEMPLATE, {"Domain": "www.corner.shop"}),
    }
    kinds = {each["Type"] for each in resources.values()}
    assert kinds & {"AWS::Route53::RecordSet", "AWS::CertificateManager::Certificate"} == set()


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("corner.shop", []),
        ("www.corner.shop", []),
        ("www.newcorner.shop", [f"{OTHER}www.newcorner.shop is not in it."]),
        ("", [f"{OTHER}no name is not in it."]),
    ],
)
def test_a_zone(zone: str, name: str, sentences: list[str]) -> None:
    assert list(wrong_zone(boto3.client("route53"), "HostedZoneId", zone, name)) == sentences


def test_a_zone_of_somebody_else() -> None:
    (sentence,) = wrong_zone(boto3.client("route53"), "MailZoneId", "ZNONE", "corner.shop")
    assert sentence.startswith("Route 53 has no zone ZNONE in this account: `aws route53 list-")
    assert sentence.endswith("take MailZoneId out if the domain's DNS is elsewhere.")

"""The kinds of calls after which `make e2e-interrupted` breaks a deployment."""

from email.message import Message

import pytest

from tests.infrastructure.interruption import operation_of

FUNCTION = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A000000000000%3Afunction%3A"
DELETED = "DELETE /2015-03-31/functions/*/policy/*"


@pytest.mark.parametrize(
    ("verb", "path", "kind"),
    [
        ("GET", f"{FUNCTION}shop-staging/policy", None),
        ("POST", f"{FUNCTION}shop-staging/policy", "POST /2015-03-31/functions/*/policy"),
        # Zappa's names of permissions are random: each would be a kind of its own.
        ("DELETE", f"{FUNCTION}shop-staging/policy/3ZYYUE89", DELETED),
        ("DELETE", "/2015-03-31/functions/shop-staging/policy/QWERTYUI", DELETED),
        (
            "PUT",
            "/restapis/85b54ea1/gatewayresponses/THROTTLED",
            "PUT /restapis/*/gatewayresponses/*",
        ),
        ("POST", "/restapis/85b54ea1/deployments", "POST /restapis/*/deployments"),
    ],
)
def test_a_kind_has_no_names_in_it(verb: str, path: str, kind: str | None) -> None:
    assert operation_of(verb, path, Message(), b"") == kind


def test_a_stack_s_part_is_in_its_kind() -> None:
    headers = Message()
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = b"Action=CreateStack&StackName=shop-staging-infrastructure"
    assert operation_of("POST", "/", headers, body) == "CreateStack infrastructure"

"""What a stage tells its function."""

import dataclasses
import os
import sys

import pytest

from infrastructure.commands import run
from infrastructure.stages import Stage, environment, load_stage
from infrastructure.targets import ROOT
from tests.aws_lambda.behind_edge import OUTPUTS

OF_THE_SHOP = {
    "DJANGO_SETTINGS_MODULE": "shop.settings",
    "SHOP_SECRET_KEY": os.environ["SHOP_SECRET_KEY"],
}


def stage(endpoint: str | None) -> Stage:
    return dataclasses.replace(load_stage("production"), endpoint=endpoint)


@pytest.mark.parametrize(
    ("endpoint", "api", "address"),
    [
        (None, "", "https://shop.test"),
        (None, "ab12", "https://shop.test"),
        ("http://127.0.0.1:1", "", None),
        (
            "http://127.0.0.1:1",
            "ab12",
            "http://127.0.0.1:1/_aws/execute-api/ab12/production",
        ),
    ],
)
def test_its_public_address(endpoint: str | None, api: str, address: str | None) -> None:
    assert environment(stage(endpoint), OUTPUTS, api).get("SHOP_PUBLIC_URL") == address


def test_no_other_way_to_name_hosts() -> None:
    """They would be read, and play no role."""
    made = environment(stage(None), OUTPUTS)
    assert not {"SHOP_ALLOWED_HOSTS", "SHOP_CSRF_TRUSTED_ORIGINS"} & set(made)
    assert "ALLOWED_HOSTS" not in (ROOT / "zappa_settings.json").read_text()


@pytest.mark.parametrize("name", ["dev", "staging"])
def test_a_local_stage_can_be_deployed_again(name: str) -> None:
    """The second time it has an address, and no local AWS speaks HTTPS."""
    given = environment(load_stage(name), OUTPUTS, "ab12") | OF_THE_SHOP
    run([sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"], given)


def test_plain_http_is_meant_on_a_local_aws_alone() -> None:
    silenced = environment(stage(None), OUTPUTS, "ab12")["SHOP_SILENCED_CHECKS"]
    assert silenced == "shop.E003,shop.E004"

"""Schemathesis, with all its checks, on a running shop: as nobody, as a guest, as a customer."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from shop.localaws.install import ROOT
from tests.conftest import PASSWORD
from tests.contract.conftest import USERNAME
from tests.endtoend.deployment import Deployment

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 8  # of an operation, besides those that cover its schema
TIMEOUT = 280  # seconds; about 25 are needed where nothing else runs


def post(url: str, body: Any) -> Any:
    sent = urllib.request.Request(  # noqa: S310  the shop of this test
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(sent, timeout=10) as answer:  # noqa: S310  the same
        return json.load(answer)


def nobody(url: str) -> list[str]:
    return []


def guest(url: str) -> list[str]:
    return ["--header", f"Cart-Token:{post(f'{url}/api/v1/cart/', {})['token']}"]


def customer(url: str) -> list[str]:
    credentials = {"username": USERNAME, "password": PASSWORD}
    token = post(f"{url}/api/v1/auth/token/", credentials)["access"]
    return ["--header", f"Authorization:Bearer {token}"]


def orders_of(shop: Deployment) -> int:
    return len(shop.rows("orders_order"))


@pytest.mark.parametrize(("who", "buys"), [(nobody, False), (guest, True), (customer, True)])
def test_nothing_is_found(shop: Deployment, url: str, who: Any, buys: bool, tmp_path: Path) -> None:
    """Whatever is sent, the answer is one that the schema declares, and right for what was sent.

    That guests and customers order something shows that the requests get that far.
    """
    before = orders_of(shop)
    schemathesis = Path(sys.executable).with_name("schemathesis")
    command = [str(schemathesis), "--config-file", str(CONFIGURATION), "run"]
    options = ["--checks", "all", "--max-examples", str(EXAMPLES), "--no-color"]
    done = subprocess.run(
        [*command, f"{url}/api/v1/schema/", *options, *who(url)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert (orders_of(shop) > before) == buys

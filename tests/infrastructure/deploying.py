"""What the tests of whole deployments do with a stage, and ask of it."""

import os
import subprocess
import sys
from collections.abc import Mapping

from infrastructure.leftovers import api_id
from infrastructure.mappings import mappings_of
from infrastructure.stages import Stage, environment
from infrastructure.targets import ROOT
from tests.infrastructure.shoppers import SKU, Shopper
from tests.infrastructure.watching import mails_to, wait_for


def address_of(stage: Stage) -> str:
    return stage.api_address(str(api_id(stage)))


def command(*arguments: str, fails: bool = False) -> str:
    """`python -m infrastructure`, as make calls it; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "infrastructure", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def listened(stage: Stage, outputs: Mapping[str, str]) -> dict[str, list[str]]:
    """By function: the queues that it listens to, as the template's outputs name them."""
    names = {outputs[f"{name}QueueArn"]: name for name in ("Order", "Catalog", "MailEvent")}
    return {
        function: sorted(
            names[each["EventSourceArn"]] for each in mappings_of(stage.client("lambda"), function)
        )
        for function in stage.functions.values()
    }


def stocked(stage: Stage, outputs: Mapping[str, str]) -> None:
    """One article for sale, ten in stock, put there by manage.py as an operator would."""
    run_on(stage, outputs, "tests.infrastructure.stock", SKU)


def run_on(stage: Stage, outputs: Mapping[str, str], module: str, *arguments: str) -> None:
    """A module of the tests, with the stage's tables and queues."""
    subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            **environment(stage, dict(outputs)),
            "DJANGO_SETTINGS_MODULE": "shop.settings",
        },
        check=True,
    )


def bought(stage: Stage, shopper: Shopper, email: str, key: str) -> None:
    """A purchase over the API, through queue and function, to the mail."""
    receipt = shopper.buy(email, key)
    assert (
        receipt["url"]
        == f"{stage.api_address(str(api_id(stage)))}/api/v1/orders/{receipt['number']}/"
    )
    wait_for(lambda: shopper.status(receipt) == "confirmed", "the confirmation")
    wait_for(lambda: bool(mails_to(email)), "the mail")
    assert mails_to(email) == [f"Your order {receipt['number']} is confirmed"]

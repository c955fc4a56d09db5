"""The process that Lambda starts, before its first request."""

from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import pytest

from tests.aws_lambda.gateway import Request, rest_api_event
from tests.aws_lambda.stages import load_stage
from tests.aws_lambda.starting import start

pytestmark = pytest.mark.django_db(transaction=True)

READY = """
import gc, json, sys
import {entry} as entry
from django.db import connection
print(json.dumps({{
    "boto3": "boto3" in sys.modules,
    "collecting": gc.isenabled(),
    "frozen": gc.get_freeze_count() > 100_000,
    "connections": len(connection.dynamodb.pool.idle),
}}))
"""


def test_it_is_what_zappa_deploys() -> None:
    assert load_stage("production").lambda_handler == "shop.lambda_function.lambda_handler"


def test_ready_for_the_first_request(tmp_path: Path) -> None:
    """The negative control: Zappa's own handler has boto3, and asked nothing yet."""
    ours = start(READY.format(entry="shop.lambda_function"), tmp_path)
    zappas = start(READY.format(entry="zappa.handler"), tmp_path)

    assert ours == {"boto3": False, "collecting": True, "frozen": True, "connections": 1}
    assert zappas == {"boto3": True, "collecting": True, "frozen": False, "connections": 0}


ANSWERS = """
import contextlib, io, json, sys
with contextlib.redirect_stderr(io.StringIO()) as said:
    from shop.lambda_function import lambda_handler
import boto3
answer = lambda_handler(json.loads(sys.argv[1]), None)
warnings = [line for line in said.getvalue().splitlines() if "before the first" in line]
print(json.dumps([answer["statusCode"], warnings, boto3.client("sqs").meta.region_name]))
"""


@pytest.mark.parametrize(
    ("hosts", "status", "answered"),
    [(".amazonaws.com", 200, None), ("", 400, 400), ("*", 200, None)],
)
def test_whatever_comes_of_its_own_request_it_serves(
    tmp_path: Path, hosts: str, status: int, answered: int | None
) -> None:
    event = rest_api_event(Request("GET", "/api/v1/products/"))

    found: Any = start(ANSWERS, tmp_path, event, SHOP_ALLOWED_HOSTS=hosts)

    assert (found[0], found[2]) == (status, "eu-central-1")
    expected = f"The request before the first was answered with {answered}"
    assert [line.endswith(expected) for line in found[1]] == ([True] if answered else [])


# The jobs' own ---------------------------------------------------------------------------------


def test_jobs_start_without_a_request(tmp_path: Path) -> None:
    """Nobody waits for them; but what their subscribers need is there."""
    code = READY.format(entry="shop.jobs_function").replace(
        '"connections"', '"subscribers": "catalog.consumers" in sys.modules, "connections"'
    )
    started = start(code, tmp_path)
    assert (started["subscribers"], started["connections"], started["boto3"]) == (True, 0, False)


@pytest.mark.parametrize("broken", ["catalog.consumers", "mails.consumers"])
def test_jobs_that_cannot_be_loaded_do_not_start(tmp_path: Path, broken: str) -> None:
    """A subscriber's module, or one that the event sources' needs: Lambda counts an error."""
    code = f"import sys; sys.modules[{broken!r}] = None; import shop.jobs_function"
    with pytest.raises(CalledProcessError) as failed:
        start(code, tmp_path)
    assert f"import of {broken} halted" in failed.value.stderr

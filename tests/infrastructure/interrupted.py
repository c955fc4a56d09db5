"""A deployment that breaks after each kind of its calls, and is taken up: `make e2e-interrupted`.

Some forty deployments, so not part of `make e2e`: half an hour on a machine that has nothing else
to do. Each is killed after the first call of a kind after which none was killed before; the next
one finds what it left.
"""

import dataclasses
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.jobs import check_code
from infrastructure.mappings import mappings_of
from infrastructure.resources import infrastructure, origin_key
from infrastructure.stages import load_stage
from tests.infrastructure.deploying import address_of, bought, command, listened, stocked
from tests.infrastructure.guarded import SWEEP
from tests.infrastructure.interruption import Proxy
from tests.infrastructure.shoppers import Shopper

KEY = "f28be0cb-3c04-4f7e-9c8f-0b8a4cf6c5a1"
MOST = 80  # kinds of calls; there are about forty
# Of each part of a deployment one, so that none is passed over.
PARTS = {
    "CreateStack infrastructure", "CreateTable", "PUT object", "POST /2015-03-31/functions",
    "CreateStack", "POST /restapis/*/deployments", "PUT /restapis/*/gatewayresponses/*",
    "UpdateStack infrastructure",
}  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: to make it anew is most of a deployment's time, and changes nothing in AWS."""
    path = tmp_path_factory.mktemp("package") / "shop-staging.zip"
    command("package", "staging", "--output", str(path))
    return path


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(os.environ["AWS_ENDPOINT_URL"]) as proxy:
        yield proxy


def test_each_break_is_taken_up(proxy: Proxy, package: Path) -> None:
    for attempt in range(MOST):
        before = len(proxy.broken)
        code, said = proxy.deploy("staging", package)
        print(attempt, code, proxy.broken[before:], file=sys.stderr)  # noqa: T201  who waits
        if len(proxy.broken) == before:
            break
        assert code == -signal.SIGKILL, said
    assert code == 0 and "The shop is live" in said, said
    assert set(proxy.broken) >= PARTS
    # Its address, for good, is that by which it was deployed.
    stage = dataclasses.replace(load_stage("staging"), endpoint=proxy.endpoint)
    outputs = infrastructure(stage).outputs()
    assert len(stage.client("apigateway").get_rest_apis(limit=500)["items"]) == 1
    assert len(stage.client("events").list_targets_by_rule(Rule=SWEEP)["Targets"]) == 1
    assert listened(stage, outputs) == {
        stage.function: ["MailEvent", "Order"],
        stage.jobs_function: ["Catalog"],
    }
    for function in stage.functions.values():
        for mapping in mappings_of(stage.client("lambda"), function):
            assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
            assert mapping["State"] == "Enabled"
    check_code(stage)
    stocked(stage, outputs)
    bought(stage, Shopper(address_of(stage), origin_key(stage, outputs)), "kept@example.org", KEY)
    command("undeploy", "staging", "--delete-data", "shop-staging")

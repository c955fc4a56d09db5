"""The journey in a process of its own, on servers of its own."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.world import ROOT, STAGE, shop_environment
from tests.aws_lambda.stages import load_stage
from tests.dynamodb.servers import PACKAGE, VERSION, dynoxide

MEASURED = Path(__file__).with_name("measured.json")


def measure(endpoint: str, times: int) -> dict[str, Any]:
    """Go through the journey so many times; the result with its conditions.

    Queue, mail and pictures are those of the local AWS at `endpoint`; the tables are
    dynoxide's, whose units are DynamoDB's. Raises Unavailable where it cannot be had.
    """
    with ExitStack() as stack:
        tables = stack.enter_context(dynoxide())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        log = stack.enter_context(tempfile.TemporaryFile("w+"))
        command = [sys.executable, "-m", "benchmarks.cost.journey", str(times)]
        environ = environment(endpoint, tables, folder)
        done = subprocess.run(
            command, env=environ, stdout=subprocess.PIPE, stderr=log, text=True, check=False
        )
        if done.returncode:
            log.seek(0)
            raise RuntimeError(f"The journey failed:\n{log.read()[-4000:]}")
    return {"conditions": conditions(times), **json.loads(done.stdout)}


def conditions(times: int) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "tables": f"{PACKAGE} {VERSION}",
        "times": times,
        "catalogue": "the sample",
        "order": "a guest's, of two lines",
    }


def environment(endpoint: str, tables: str, folder: Path) -> dict[str, str]:
    """As on Lambda, but for where AWS is. `folder` takes what Zappa would package."""
    stage = load_stage(STAGE)
    (folder / "zappa_settings.py").write_text(stage.get_zappa_settings_string())
    sources = [each["event_source"] for each in stage.stage_config["events"][:1]]
    return {
        **shop_environment(endpoint),
        "AWS_ENDPOINT_URL_DYNAMODB": tables,
        "COST_QUEUE_ARN": sources[0]["arn"],
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(folder))),
        "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
        "SHOP_LOG_FORMAT": "json",
        "SHOP_METRICS": "1",
        "SHOP_TABLE_PREFIX": "cost-",
        "SHOP_ORDER_QUEUE": "cost-orders",
        "SHOP_CATALOG_QUEUE": "cost-catalog",
        "SHOP_MAIL_EVENT_QUEUE": "cost-mail-events",
        "SHOP_IMAGE_BUCKET": "cost-images",
    }

"""Lambda, as far as its handler can see: Zappa's, with the stage `dev`."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import clear_script_prefix
from zappa.cli import ZappaCLI

from shop.management.commands.worker import Queue
from tests.aws_lambda import edge
from tests.aws_lambda.gateway import Event
from tests.aws_lambda.stages import load_stage, packaged_settings

Handler = Callable[[Event, Any], Any]


@pytest.fixture
def stage() -> ZappaCLI:
    return load_stage("dev")


@pytest.fixture(scope="session")
def viewer_function() -> Iterator[edge.Function | None]:
    """The one of the template; without node nothing stands for what it makes."""
    if edge.NODE is None:
        yield None
        return
    function = edge.Function("Viewer")
    yield function
    function.close()


@pytest.fixture
def order_queue() -> Queue:
    """The queue that checkouts of this test run are sent to, empty."""
    queue = Queue("orders")
    queue.sqs.purge_queue(QueueUrl=queue.url)
    return queue


@pytest.fixture
def handler(
    stage: ZappaCLI, order_queue: Queue, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Handler]:
    """`zappa.handler.lambda_handler` on the stage's settings, and the run's own queue."""
    from zappa import handler as module

    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = edge.ADDRESS, [edge.HOST]
    settings.FORCE_SCRIPT_NAME = ""
    settings.EMAIL_BACKEND = "mails.backend.PromptSESBackend"
    listen_to(stage, order_queue.arn)
    monkeypatch.setitem(sys.modules, "zappa_settings", packaged_settings(stage))
    monkeypatch.setattr(module.LambdaHandler, "_LambdaHandler__instance", None)
    monkeypatch.setattr(module, "global_handler", None)
    with unchanged_process():
        yield module.lambda_handler


def listen_to(stage: ZappaCLI, arn: str) -> None:
    """Point the stage's event source at the queue with this ARN."""
    events = [
        {**event, "event_source": {**event["event_source"], "arn": arn}}
        if event["function"] == "shop.events.consume_orders"
        else event
        for event in stage.stage_config["events"]
    ]
    stage.override_stage_config_setting("events", events)


class unchanged_process:
    """Zappa's handler sets environment, import path and logging: take them back."""

    def __enter__(self) -> None:
        self.environ, self.path = dict(os.environ), list(sys.path)
        root = logging.getLogger()
        self.level, self.handlers = root.level, root.handlers[:]

    def __exit__(self, *error: object) -> None:
        os.environ.clear()
        os.environ.update(self.environ)
        sys.path[:] = self.path
        root = logging.getLogger()
        root.setLevel(self.level)
        root.handlers[:] = self.handlers
        clear_script_prefix()  # Zappa leaves the stage in it

"""What tests change in a server or worker: mostly a guard taken out, to see that it guards.

Each public function is a hook; SHOP_TEST_HOOKS names those that a process applies, split
at commas.
"""

import os
import random
import threading
import time
import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from catalog import consumers
from catalog.events import StockMoved
from dynamodb.client.client import Client
from mails import once
from mails.models import Mail
from outbox import services
from outbox.events import Delivery
from payments.gateways import testing
from payments.models import TestCharge
from shop.api.unit_of_work import UnitOfWorkMiddleware
from shop.management.commands import worker

CROWD = 16  # orders that are all looked at before the first of them reserves
PATIENCE = 60.0  # seconds
SHORT_GRACE = timedelta(seconds=6)
LEASE = timedelta(seconds=3)  # to the queue's six as production's 120 to 180


def apply_hooks() -> None:
    for name in filter(None, os.environ.get("SHOP_TEST_HOOKS", "").split(",")):
        globals()[name]()


def crowd() -> None:
    """The worst timing: 16 threads look at the stock, then all reserve, then all go on."""
    worker.BATCH = 1
    meeting, arrived, send = threading.Barrier(CROWD), threading.Semaphore(CROWD), Client.call

    def call(self: Client, operation: str, params: Any, **options: Any) -> Any:
        if not stock_updates(params) or not arrived.acquire(blocking=False):
            return send(self, operation, params, **options)
        meeting.wait(PATIENCE)
        try:
            return send(self, operation, params, **options)
        finally:
            meeting.wait(PATIENCE)

    Client.call = call  # type: ignore[method-assign]


def no_stock_condition() -> None:
    """Guard out: stock is written without a condition. The look before it stays."""
    send = Client.call

    def call(self: Client, operation: str, params: Any, **options: Any) -> Any:
        for update in stock_updates(params):
            del update["ConditionExpression"]
            used = update["UpdateExpression"]
            for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
                update[kind] = {name: value for name, value in update[kind].items() if name in used}
        return send(self, operation, params, **options)

    Client.call = call  # type: ignore[method-assign]


def stock_updates(params: Any) -> list[dict[str, Any]]:
    """The updates of stock in a call's transaction."""
    updates = [write["Update"] for write in params.get("TransactItems", ()) if "Update" in write]
    return [update for update in updates if update["TableName"].endswith("-catalog_stock")]


def answers_not_kept() -> None:
    """Guard out: an Idempotency-Key means nothing."""

    def run_once(self: UnitOfWorkMiddleware, request: HttpRequest, key: str) -> HttpResponseBase:
        return self.run(request, None)

    UnitOfWorkMiddleware.run_once = run_once  # type: ignore[method-assign]


def no_sweeper() -> None:
    """Guard out: the outbox is never swept."""
    vars(worker)["sweep"] = lambda event, context: {"sent": 0}


def deletes_first() -> None:
    """Guard out: messages are deleted before they are consumed."""

    def process_batch(queue: worker.Queue) -> None:
        records = queue.receive()
        queue.delete(records)
        queue.consume({"Records": records}, None)

    worker.process_batch = process_batch


def forgetful_gateway() -> None:
    """Guard out: the gateway does not know a reference again."""
    record = testing.record_charge

    def record_anew(row: TestCharge) -> TestCharge:
        row.reference = f"{row.reference} {uuid.uuid4()}"
        return record(row)

    testing.record_charge = record_anew


def forgotten_mails() -> None:
    """Guard out: each delivery starts as if no mail had been claimed or sent."""
    claim = once.claim

    def claim_anew(about: str, kind: str) -> bool:
        Mail.objects.filter(about=about, kind=kind).delete()
        return claim(about, kind)

    once.claim = claim_anew


def short_mail_lease() -> None:
    """No guard: the lease in proportion to the test queue's visibility timeout."""
    once.LEASE = LEASE


def prompt_sweeper() -> None:
    """No guard: the outbox in the same proportion. Who dies between a commit and the sending of
    what it told leaves that to the sweeper."""
    services.GRACE, worker.SWEEP_INTERVAL = SHORT_GRACE, 2


def endless_jobs() -> None:
    """No guard: who counts stock again is at it until the worker is killed."""

    def count_stock(delivery: Delivery[StockMoved]) -> None:
        threading.Event().wait()

    consumers.count_stock = count_stock


def slow_gateway() -> None:
    """No guard: a charge takes as long as it does over the internet."""
    record = testing.record_charge

    def record_slowly(row: TestCharge) -> TestCharge:
        time.sleep(random.uniform(0.2, 0.5))
        return record(row)

    testing.record_charge = record_slowly

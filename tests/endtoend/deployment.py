"""A whole shop of its own on the test run's AWS: tables, queue, servers, workers.

What it holds is read with boto3, past the engine: as DynamoDB has it.
"""

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import boto3

from shop.functions import function_of
from shop.launch import THREADS, WORKERS
from shop.localaws.install import ROOT
from shop.localaws.processes import Child
from shop.localaws.server import HOST, choose_port, status_of
from tests.endtoend.buyers import Buyer

DEADLINE = 180.0  # seconds: patience, where other tests run beside these
POLL = 0.2  # seconds
PATIENCE = 10.0  # seconds for a process to end in order
ARTICLES = tuple(f"ARTICLE-{number:02}" for number in range(24))
READY = "Waiting for "

Row = dict[str, Any]


class Deployment:
    """`folder` takes the logs of its processes."""

    def __init__(self, name: str, folder: Path):
        self.name, self.folder = name, folder
        self.queue = f"{name}-orders"
        self.logs = count(1)
        self.unsold = iter(ARTICLES)
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "SHOP_TABLE_PREFIX": f"{name}-",
            "SHOP_ORDER_QUEUE": self.queue,
            "SHOP_CATALOG_QUEUE": f"{name}-catalog",
            "SHOP_MAIL_EVENT_QUEUE": f"{name}-mail-events",
            "SHOP_IMAGE_BUCKET": f"{name}-images",
        }
        self.dynamodb = boto3.resource("dynamodb")
        self.sqs = boto3.client("sqs")

    def prepare(self, *command: str) -> None:
        """Tables, queues, bucket and articles, unless the command makes others."""
        child, log = self.spawn("prepare", command or ["tests.endtoend.prepare", *ARTICLES])
        code = child.process.wait()
        child.kill()
        assert code == 0, log.read_text()

    # Processes ---------------------------------------------------------------------------

    def spawn(self, name: str, command: Sequence[str], **env: str) -> tuple[Child, Path]:
        """A Python module in a process of its own, and the file that it logs to."""
        log = self.folder / f"{next(self.logs):02}-{name}.log"
        with log.open("wb") as output:
            return Child(name, command, env=self.env | env, cwd=ROOT, output=output), log

    @contextmanager
    def server(self, *, hooks: str = "", **env: str) -> Iterator[int]:
        """gunicorn as `make run` starts it, `hooks` applied; its port."""
        port = choose_port(None)
        command = [
            *("gunicorn", "tests.endtoend.hooked_wsgi:application", "--bind", f"{HOST}:{port}"),
            *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)),
            *("--log-level", "warning", "--no-control-socket"),
        ]
        child, log = self.spawn("server", command, SHOP_TEST_HOOKS=hooks, **env)
        try:
            url = f"http://{HOST}:{port}/api/v1/health/"
            wait_for(lambda: status_of(url) == 200, lambda: log.read_text())
            yield port
        finally:
            child.stop(PATIENCE)

    @contextmanager
    def workers(self, number: int, *options: str, hooks: str = "") -> Iterator[list[Child]]:
        """So many `manage.py worker`, ready to receive from the queue as it is provisioned."""
        self.set_visibility_timeout(function_of("orders").visibility)
        with ExitStack() as running:
            started = [self.start_worker(*options, hooks=hooks) for _ in range(number)]
            for child, _ in started:
                running.callback(child.stop, PATIENCE)
            for _, log in started:
                wait_until_ready(log)
            yield [child for child, _ in started]

    def start_worker(self, *options: str, hooks: str = "") -> tuple[Child, Path]:
        """One worker and its log, on the way to being ready."""
        command = ["tests.endtoend.hooked_manage", "worker", *options]
        if not hooks:
            command = ["manage", "worker", *options]
        return self.spawn("worker", command, SHOP_TEST_HOOKS=hooks, SHOP_LOG_LEVEL="INFO")

    # What it holds -----------------------------------------------------------------------

    def rows(self, table: str, **options: str) -> list[Row]:
        """All rows, read consistently; `options` of the Scan."""
        pages = self.dynamodb.meta.client.get_paginator("scan").paginate(
            TableName=f"{self.name}-{table}", ConsistentRead=True, **options
        )
        return [row for page in pages for row in page["Items"]]

    def orders(self, buyers: Sequence[Buyer]) -> list[Row]:
        """The stored orders of these buyers, by email."""
        emails = {buyer.email for buyer in buyers}
        found = [row for row in self.rows("orders_order") if row["email"] in emails]
        return sorted(found, key=lambda row: str(row["email"]))

    def charges(self, orders: Sequence[Row]) -> list[Row]:
        """The charges for these orders; a reference starts with the order's number."""
        numbers = {order["number"] for order in orders}
        charges = self.rows("payments_testcharge")
        return [row for row in charges if row["reference"].split()[0] in numbers]

    def article(self, available: int) -> str:
        """The SKU of an article that no test has used, with so many in stock."""
        sku = next(self.unsold)
        self.set_stock(sku, available)
        return sku

    def set_stock(self, sku: str, available: int) -> None:
        self.stock_table.update_item(
            Key={"sku": sku},
            UpdateExpression="SET available = :n",
            ExpressionAttributeValues={":n": available},
        )

    def stock(self, sku: str) -> tuple[int, int]:
        """Available and reserved."""
        row = self.stock_table.get_item(Key={"sku": sku}, ConsistentRead=True)["Item"]
        return int(row["available"]), int(row["reserved"])

    @property
    def stock_table(self) -> Any:
        return self.dynamodb.Table(f"{self.name}-catalog_stock")

    def mails(self, buyers: Sequence[Buyer]) -> list[tuple[str, str]]:
        """The mails that SES took for these buyers: address and subject, sorted."""
        emails = {buyer.email for buyer in buyers}
        url = f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages"
        with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310  our own AWS
            accounts = json.load(response)["messages"]
        sent = [
            (to, mail["Subject"]) for box in accounts.values() for mail in box for to in mail["To"]
        ]
        return sorted(mail for mail in sent if mail[0] in emails)

    # Its queue ---------------------------------------------------------------------------

    def url(self, queue: str) -> str:
        return str(self.sqs.get_queue_url(QueueName=queue)["QueueUrl"])

    def set_visibility_timeout(self, seconds: int) -> None:
        """Until an unfinished message comes again."""
        self.sqs.set_queue_attributes(
            QueueUrl=self.url(self.queue), Attributes={"VisibilityTimeout": str(seconds)}
        )

    def waiting(self, suffix: str = "") -> int:
        """Messages in the queue (`-dlq`: in its dead-letter queue), hidden ones too."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.sqs.get_queue_attributes(
            QueueUrl=self.url(self.queue + suffix), AttributeNames=names
        )
        return sum(int(answer["Attributes"][name]) for name in names)

    def redrive(self) -> int:
        """Put the dead letters back into the queue, as an operator does; how many."""
        source, target = self.url(f"{self.queue}-dlq"), self.url(self.queue)
        letters = self.sqs.receive_message(QueueUrl=source, MaxNumberOfMessages=10)
        for letter in letters.get("Messages", []):
            self.sqs.send_message(QueueUrl=target, MessageBody=letter["Body"])
            self.sqs.delete_message(QueueUrl=source, ReceiptHandle=letter["ReceiptHandle"])
        return len(letters.get("Messages", []))

    def settle(self, buyers: Sequence[Buyer]) -> list[Row]:
        """The orders of these buyers, once each has ended and its mail has gone."""

        wait_for(lambda: self.has_settled(buyers), lambda: self.state_of(buyers))
        return self.orders(buyers)

    def has_settled(self, buyers: Sequence[Buyer]) -> bool:
        """Whether all have ended, and were told. Asked often: it reads no more than it must."""
        return self.told() >= {row["number"] for row in self.orders(buyers)}

    def told(self) -> set[Any]:
        """The orders of which a mail has gone."""
        sent = {
            "ProjectionExpression": "about",
            "FilterExpression": "attribute_exists(sent_at)",
        }
        return {row["about"] for row in self.rows("mails_mail", **sent)}

    def state_of(self, buyers: Sequence[Buyer]) -> str:
        """Of each order that has not settled, for the message of a failure."""
        told = self.told()
        under_way = [row for row in self.orders(buyers) if row["number"] not in told]
        return "\n".join(f"{row['email']}: {states(row)}" for row in under_way)


def states(order: Row) -> list[str]:
    """The states that the order went through."""
    history = order["history"]
    entries = json.loads(history) if isinstance(history, str) else history
    return [entry["status"] for entry in entries]


def wait_until_ready(log: Path) -> None:
    wait_for(lambda: READY in log.read_text(), log.read_text)


def wait_for(condition: Callable[[], bool], explain: Callable[[], str]) -> None:
    """Until the condition holds; after three minutes, fail with the explanation."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, explain()
        time.sleep(POLL)

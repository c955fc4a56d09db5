"""A worker that is killed at chosen moments, and started again each time.

    python -m tests.endtoend.mortal_worker <folder>

An order whose email starts with `<name>-<part>-<number>@` kills the worker, by SIGKILL, at that
moment of that part of its processing: a part is one message (the placed order,
its mail), whose moments are counted from 0, before and after each step of the process and each
durable effect. The moment's name is left in `<folder>`, in a file named as the email begins; where
there is one, the order is spared. Of an order `<name>-whole` all moments are listed, in a file for
each part.

Each life is a fork of a process that has everything imported: a start takes milliseconds.
"""

import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import django
from django.core.management import call_command

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
DOOMED = re.compile(r".+-(placed|mail)-(\d+)")
PARTS = {"orders.mails": "mail"}  # by subscriber; the process's by what it is told of


class Fate:
    """When the order at hand ends this process."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.note: Path | None = None
        self.passed = 0

    def take_up(self, name: str, part: str) -> None:
        """From now on the moments are of this part of this order."""
        doomed = DOOMED.fullmatch(name)
        note = self.folder / (name if doomed else f"{name}.{part}")
        # A message that comes again, since this machine is slow, tells nothing new.
        is_spared = note.exists() or (doomed is not None and doomed[1] != part)
        self.passed, self.thread = 0, threading.get_ident()
        self.note = None if is_spared else note
        self.last = int(doomed[2]) if doomed else None

    def pass_moment(self, moment: str) -> None:
        """Note it, or die at it."""
        if self.note is None or threading.get_ident() != self.thread:  # the sweeper's, that is
            return
        if self.last is None:
            with self.note.open("a") as file:
                file.write(f"{moment}\n")
        elif self.passed == self.last:
            self.note.write_text(moment)
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed += 1

    def around(self, what: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with a moment before and one after it."""

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.pass_moment(f"before {what}")
            result = function(*args, **kwargs)
            self.pass_moment(f"after {what}")
            return result

        return wrapped


def set_moments(fate: Fate) -> None:
    """Put moments around the saga's steps and around everything that leaves the process."""
    from dynamodb.client.client import Client
    from mails import once
    from orders.models import Order
    from orders.process import STEPS
    from outbox import consumers
    from outbox.events import Delivery, Event
    from shop.management.commands import worker

    handler_of = vars(consumers)["handler_of"]
    send, delete = Client.call, worker.Queue.delete

    def with_fate(name: str) -> Callable[[Delivery[Event]], None]:
        handle = handler_of(name)

        def taken_up(delivery: Delivery[Event]) -> None:
            email = Order.objects.get(pk=delivery.event.key).email
            part = PARTS.get(name, delivery.event.type.rpartition(".")[2])
            fate.take_up(email.partition("@")[0], part)
            handle(delivery)

        return taken_up

    def call(self: Client, operation: str, params: Any, **options: Any) -> Any:
        if operation not in WRITES:
            return send(self, operation, params, **options)
        return fate.around(f"writing {tables_of(params)}", send)(self, operation, params, **options)

    def delete_messages(self: worker.Queue, records: list[dict[str, Any]]) -> None:
        (fate.around("deleting the message", delete) if records else delete)(self, records)

    vars(consumers)["handler_of"] = with_fate
    Client.call = call  # type: ignore[method-assign]
    worker.Queue.delete = delete_messages  # type: ignore[method-assign]
    vars(once)["send_mail"] = fate.around("sending the mail", vars(once)["send_mail"])
    for state, step in STEPS.items():
        STEPS[state] = fate.around(f"step {step.__name__}", step)


def tables_of(params: Any) -> str:
    """The tables that a call writes to, without their prefix."""
    writes = [write for part in params.get("TransactItems", ()) for write in part.values()]
    names = {write["TableName"].rpartition("-")[2] for write in writes or [params]}
    return ", ".join(sorted(names))


def live(fate: Fate) -> int:
    """One life; the status of its process when it has ended."""
    child = os.fork()
    if child == 0:
        call_command("worker", threads=1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def main(folder: Path) -> None:
    django.setup()
    from shop.management.commands import worker
    from tests.endtoend.hooks import apply_hooks

    worker.BATCH = 1  # who dies with ten messages in hand would use up a receipt of each
    fate = Fate(folder)
    set_moments(fate)
    apply_hooks()
    for service in ("sqs", "ses"):
        boto3.client(service)  # reads botocore's data once, for all lives
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
    while os.WIFSIGNALED(live(fate)):
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]))

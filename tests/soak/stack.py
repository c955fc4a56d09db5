"""The shop as it stands on AWS: Lambda's processes, what feeds them, and CloudFront in front."""

import dataclasses
import json
import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import boto3
from boto3.dynamodb.conditions import Attr

from infrastructure.hooks import queues_of
from infrastructure.package import name_queues
from infrastructure.stages import environment, load_stage
from infrastructure.targets import ROOT
from shop.functions import FUNCTIONS
from tests.aws_lambda import stages
from tests.aws_lambda.edge import HOST, NODE, Edge, Function
from tests.aws_lambda.gateway import Event, recorded
from tests.aws_lambda.starting import serve
from tests.endtoend.deployment import Deployment

STAGE = "production"
QUEUES = tuple(queue for each in FUNCTIONS.values() for queue in each.queues)
MODULES = {"shop": "shop.lambda_function", "jobs": "shop.jobs_function"}
OF_THE_STAGE = ("SHOP_PUBLIC_URL", "SHOP_STATIC_URL", "SHOP_IMAGE_BASE_URL")
BATCH, LONG_POLL = 10, 2  # messages, seconds
SWEEP_INTERVAL = 60.0  # seconds, as the schedule's


class Environment:
    """One process of a function: it takes one event at a time, by what `code` serves."""

    def __init__(self, log: Path, variables: Mapping[str, str], code: str):
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code],
                cwd=log.parent,
                env=dict(variables),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )

    def __call__(self, event: Event) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(event) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"The function ended: {self.log.read_text()[-2000:]}"
        return json.loads(line)

    def close(self) -> None:
        with self.process:
            pass  # it ends with its input, which leaving closes


class Lambda:
    """A function: whichever of its processes is free takes the event."""

    def __init__(self, processes: list[Environment]):
        self.processes = processes
        self.free: SimpleQueue[Environment] = SimpleQueue()
        for process in processes:
            self.free.put(process)

    def __call__(self, event: Event, context: Any = None) -> Any:
        process = self.free.get()
        try:
            return process(event)
        finally:
            self.free.put(process)

    def log(self) -> str:
        return "".join(process.log.read_text() for process in self.processes)


class Stack(Deployment):
    """A stage of its own on the local AWS, whose files are in `folder`."""

    def __init__(self, name: str, folder: Path):
        super().__init__(name, folder)
        on_aws = dataclasses.replace(load_stage(STAGE), endpoint=None)
        outputs: dict[str, str] = defaultdict(lambda: "unused", PublicHost=HOST)
        variables = environment(on_aws, outputs)
        # What a run of tests sets and a stage does not is empty.
        self.env |= {name: variables[name] for name in OF_THE_STAGE} | {
            "DJANGO_SETTINGS_MODULE": "tests.aws_lambda.deployed_settings",
            "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
            "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
            "SHOP_ALLOWED_HOSTS": "",
            "SHOP_INSECURE_HTTP": "",
            "SHOP_LIMITS": "",
            "SHOP_LOG_LEVEL": "WARNING",
        }
        self.images = f"{name}-images"
        self.s3 = boto3.client("s3")
        self.write_zappa_settings()

    def write_zappa_settings(self) -> None:
        """The stage's, with this stack's queues: one package is for both functions."""
        self.zappa = stages.load_stage(STAGE)
        module = self.folder / "zappa_settings.py"
        module.write_text(self.zappa.get_zappa_settings_string())
        jobs = stages.load_stage(f"{STAGE}_jobs")
        events = [*self.zappa.stage_config["events"], *jobs.stage_config["events"]]
        own = {
            self.arn(arn.rpartition(f":shop-{STAGE}-")[2]): consumer
            for arn, consumer in queues_of(events).items()
        }
        name_queues(module, own)

    def arn(self, queue: str) -> str:
        return f"arn:aws:sqs:eu-central-1:000000000000:{self.name}-{queue}"

    @contextmanager
    def running(self, processes: int) -> Iterator[Edge]:
        """The functions with their queues and the schedule, behind the edge: so many processes for
        what customers wait for, and one for the jobs."""
        with ExitStack() as stack:
            self.function = stack.enter_context(self.lambda_of("shop", processes))
            self.jobs = stack.enter_context(self.lambda_of("jobs", 1))
            stop = threading.Event()
            loops = [threading.Thread(target=self.sweep, args=(stop,))]
            loops += [
                threading.Thread(target=self.feed, args=(queue, lambda_, stop))
                for name, lambda_ in (("shop", self.function), ("jobs", self.jobs))
                for queue in FUNCTIONS[name].queues
            ]
            for loop in loops:
                loop.start()
                stack.callback(loop.join)
            stack.callback(stop.set)
            yield Edge(self.function, self.viewer_function(stack))

    @contextmanager
    def lambda_of(self, name: str, processes: int, hook: str = "") -> Iterator[Lambda]:
        """One of the functions, with so many processes; `hook` is code that each runs first."""
        logs = [self.folder / f"{name}-{number}.log" for number in range(processes)]
        code = serve(MODULES[name], hook)
        with ExitStack() as stack:
            started = [Environment(log, self.env, code) for log in logs]
            for process in started:
                stack.callback(process.close)
            yield Lambda(started)

    def log(self) -> str:
        """What both functions said."""
        return self.function.log() + self.jobs.log()

    def viewer_function(self, stack: ExitStack) -> Any:
        """The template's, for one thread at a time; None where there is no node."""
        if NODE is None:
            return None
        function, lock = Function("Viewer"), threading.Lock()
        stack.callback(function.close)

        def one_at_a_time(headers: Mapping[str, str], query: str = "") -> dict[str, str]:
            with lock:
                return function(headers, query)

        return one_at_a_time

    # What Lambda does between queue and function ------------------------------------------

    def feed(self, queue: str, function: Lambda, stop: threading.Event) -> None:
        """Batches of a queue to a function; what it did not report as failed is deleted."""
        url = self.url(f"{self.name}-{queue}")
        while not stop.is_set():
            answer = self.sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=BATCH,
                WaitTimeSeconds=LONG_POLL,
                MessageSystemAttributeNames=["All"],
            )
            records = [self.record(queue, each) for each in answer.get("Messages", [])]
            if records:
                failures = function({"Records": records})["batchItemFailures"]
                failed = {each["itemIdentifier"] for each in failures}
                for record in records:
                    if record["messageId"] not in failed:
                        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=record["receiptHandle"])

    def record(self, queue: str, message: dict[str, Any]) -> Event:
        (pattern,) = recorded("sqs")["Records"]
        return {
            **pattern,
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "md5OfBody": message["MD5OfBody"],
            "eventSourceARN": self.arn(queue),
        }

    def sweep(self, stop: threading.Event) -> None:
        """The schedule's ticks."""
        event = recorded("schedule")
        (schedule,) = (each for each in self.zappa.stage_config["events"] if "expression" in each)
        event["resources"][0] += self.zappa.zappa.get_scheduled_event_name(
            schedule, schedule["function"], self.zappa.lambda_name
        )
        while not stop.wait(SWEEP_INTERVAL):
            self.function(event)

    # What it holds ------------------------------------------------------------------------

    def left_in_queues(self) -> dict[str, int]:
        """Messages by queue, dead letters too; queues that are empty are left out."""
        found = {}
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        for queue in (f"{each}{suffix}" for each in QUEUES for suffix in ("", "-dlq")):
            url = self.url(f"{self.name}-{queue}")
            answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
            found[queue] = sum(int(answer["Attributes"][name]) for name in names)
        return {queue: number for queue, number in found.items() if number}

    def overcharge(self, number: str, amount: str, currency: str, at: str) -> bool:
        """Have the gateway remember another amount for an order; False if it was charged."""
        table = self.dynamodb.Table(f"{self.name}-payments_testcharge")
        row = {"reference": number, "currency": currency, "status": "charged", "created_at": at}
        try:
            table.put_item(
                Item=row | {"amount": Decimal(amount)},
                ConditionExpression=Attr("reference").not_exists(),
            )
        except table.meta.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

"""SnapStart: whom queues and schedules call before, between and after Zappa's commands."""

import dataclasses
import io
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from zappa.core import SNAPSTART_LAMBDA_ALIAS

from infrastructure.mappings import mappings_of
from infrastructure.settings import filled
from infrastructure.snapshots import ALIAS, attach, release
from infrastructure.stages import load_stage

ROLE = "arn:aws:iam::000000000000:role/shop"
VARIABLES = {"SHOP_NAME": "Corner Shop"}


@dataclasses.dataclass
class Deployed:
    """A function as Zappa leaves it with `snap_start`, its queue and its schedule."""

    name: str
    arn: str
    rule: str
    lambdas: Any
    events: Any

    def called(self) -> tuple[list[str], list[str]]:
        """The ARNs that the queue and the schedule call."""
        mappings = mappings_of(self.lambdas, self.name)
        targets = self.events.list_targets_by_rule(Rule=self.rule)["Targets"]
        return (
            [mapping["FunctionArn"] for mapping in mappings],
            [target["Arn"] for target in targets],
        )

    @property
    def version(self) -> str:
        """What the alias points to."""
        alias = self.lambdas.get_alias(FunctionName=self.name, Name=ALIAS)
        return str(alias["FunctionVersion"])


@pytest.fixture
def deployed() -> Iterator[Deployed]:
    lambdas, events, sqs = (boto3.client(name) for name in ("lambda", "events", "sqs"))
    name = f"snapshots-{uuid4().hex[:8]}"
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("code.py", "def handler(event, context): pass")
    made = lambdas.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=ROLE,
        Handler="code.handler",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": VARIABLES},
        SnapStart={"ApplyOn": "PublishedVersions"},
    )
    arn = made["FunctionArn"]
    version = lambdas.publish_version(FunctionName=name)["Version"]
    lambdas.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    named = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    mapping = lambdas.create_event_source_mapping(
        FunctionName=name,
        EventSourceArn=named["QueueArn"],
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    rule = f"{name}-shop.events.sweep"
    events.put_rule(Name=rule, ScheduleExpression="rate(1 minute)", State="DISABLED")
    events.put_targets(Rule=rule, Targets=[{"Id": "Id1", "Arn": arn, "Input": '{"kept": true}'}])
    yield Deployed(name, arn, rule, lambdas, events)
    events.remove_targets(Rule=rule, Ids=["Id1"])
    events.delete_rule(Name=rule)
    lambdas.delete_event_source_mapping(UUID=mapping["UUID"])
    lambdas.delete_function(FunctionName=name)
    sqs.delete_queue(QueueUrl=queue)


def test_the_alias_is_zappa_s() -> None:
    assert ALIAS == SNAPSTART_LAMBDA_ALIAS


def test_to_the_alias_and_back(deployed: Deployed) -> None:
    """Twice, as with two updates; what the mapping and the target say besides stays."""
    alias = f"{deployed.arn}:{ALIAS}"
    assert deployed.called() == ([deployed.arn], [deployed.arn])
    for _ in range(2):
        attach(deployed.lambdas, deployed.events, deployed.name, VARIABLES)
        assert deployed.called() == ([alias], [alias])
        release(deployed.lambdas, deployed.events, deployed.name)
        assert deployed.called() == ([deployed.arn], [deployed.arn])

    (mapping,) = mappings_of(deployed.lambdas, deployed.name)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    (target,) = deployed.events.list_targets_by_rule(Rule=deployed.rule)["Targets"]
    assert (target["Id"], target["Input"]) == ("Id1", '{"kept": true}')


def test_the_schedule_may_call_the_alias(deployed: Deployed) -> None:
    attach(deployed.lambdas, deployed.events, deployed.name, VARIABLES)

    policy = deployed.lambdas.get_policy(FunctionName=deployed.name, Qualifier=ALIAS)["Policy"]
    assert f":rule/{deployed.rule}" in policy


def test_a_version_has_the_variables_that_it_should(deployed: Deployed) -> None:
    """One with others is published anew, one with the same is not."""
    attach(deployed.lambdas, deployed.events, deployed.name, VARIABLES)
    assert deployed.version == "1"

    changed = {"SHOP_NAME": "Another"}
    deployed.lambdas.update_function_configuration(
        FunctionName=deployed.name, Environment={"Variables": changed}
    )
    deployed.lambdas.get_waiter("function_updated_v2").wait(FunctionName=deployed.name)
    attach(deployed.lambdas, deployed.events, deployed.name, changed)

    assert deployed.version == "2"


def test_before_the_first_deployment_there_is_nothing() -> None:
    release(boto3.client("lambda"), boto3.client("events"), "nothing-yet")


@pytest.mark.parametrize(("flag", "setting"), [(True, "PublishedVersions"), (False, "None")])
def test_the_stage_s_flag_is_zappa_s_setting(flag: bool, setting: str) -> None:
    stage = load_stage("dev")
    asked = dataclasses.replace(stage, parameters=stage.parameters | {"snap_start": flag})

    class Outputs(dict[str, str]):
        """A stack's, whatever they are called."""

        def __missing__(self, name: str) -> str:
            return name

    made, jobs = filled(asked, Outputs(), api="").values()
    assert made["snap_start"] == setting
    assert ("lambda_description" in made) is flag  # a version's snapshot is as old as it
    assert "snap_start" not in jobs  # nobody waits for a process of theirs

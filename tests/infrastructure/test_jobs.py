"""The second function of a stage goes and comes with the first."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest

from infrastructure.errors import DeploymentError
from infrastructure.hooks import check_asking, check_command
from infrastructure.jobs import bring, check_code, check_start, hand_over, remove_jobs
from infrastructure.leftovers import code_of
from infrastructure.mappings import mappings_of, reports_failures
from infrastructure.settings import fill_event
from infrastructure.stages import Stage, load_stage

ROLE = "arn:aws:iam::000000000000:role/shop"
WELL = "def handler(event, context): return {'batchItemFailures': []}"
REPORTS = ["ReportBatchItemFailures"]
Make = Callable[[str, str], None]


@pytest.fixture
def lambdas() -> Any:
    return boto3.client("lambda")


@pytest.fixture
def stage() -> Stage:
    """Nothing of it is there yet."""
    return load_stage("dev")


@pytest.fixture
def make(lambdas: Any) -> Iterator[Make]:
    """`make(name, code)`: a function of this code, in which `handler` is called."""
    made = []

    def function(name: str, code: str) -> None:
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr(zipfile.ZipInfo("code.py"), code)  # without the time of day
        lambdas.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=ROLE,
            Handler="code.handler",
            Code={"ZipFile": package.getvalue()},
        )
        made.append(name)

    yield function
    for name in made:
        if code_of(lambdas, name) is not None:
            lambdas.delete_function(FunctionName=name)


@pytest.fixture
def queues() -> Iterator[list[str]]:
    """The ARNs of two."""
    sqs = boto3.client("sqs")
    urls = [sqs.create_queue(QueueName=f"jobs-{uuid4().hex[:8]}")["QueueUrl"] for _ in "ab"]
    named = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"]) for url in urls]
    yield [each["Attributes"]["QueueArn"] for each in named]
    for url in urls:
        sqs.delete_queue(QueueUrl=url)


def listen(lambdas: Any, name: str, arn: str, **options: Any) -> None:
    lambdas.create_event_source_mapping(FunctionName=name, EventSourceArn=arn, **options)


def heard(lambdas: Any, name: str) -> list[str]:
    return [each["EventSourceArn"] for each in mappings_of(lambdas, name)]


def test_a_queue_goes_from_one_to_the_other(
    stage: Stage, lambdas: Any, make: Make, queues: list[str]
) -> None:
    """That one alone, and of a function without a version as of one with."""
    kept, moved = queues
    make(stage.function, WELL)
    lambdas.publish_version(FunctionName=stage.function)
    lambdas.create_alias(FunctionName=stage.function, Name="snapstart", FunctionVersion="1")
    for name in (stage.function, f"{stage.function}:snapstart"):
        listen(lambdas, name, moved)
    listen(lambdas, stage.function, kept)
    make(stage.jobs_function, WELL)
    listen(lambdas, stage.jobs_function, moved)

    for _ in range(2):
        hand_over(stage, [moved])
        assert heard(lambdas, stage.function) == [kept]
        assert heard(lambdas, stage.jobs_function) == [moved]

    remove_jobs(stage)
    hand_over(stage, [kept])


def test_it_goes_with_what_calls_it(
    stage: Stage, lambdas: Any, make: Make, queues: list[str]
) -> None:
    """However far an earlier attempt came."""
    make(stage.jobs_function, WELL)
    listen(lambdas, stage.jobs_function, queues[0])
    for _ in range(2):
        remove_jobs(stage)
        assert (code_of(lambdas, stage.jobs_function), heard(lambdas, stage.jobs_function)) == (
            None,
            [],
        )


def test_a_queue_stays_off_until_single_failures_are_reported(
    stage: Stage, lambdas: Any, make: Make, queues: list[str]
) -> None:
    """Zappa cannot say so, and without it what fails is deleted: it is switched on after that."""
    make(stage.jobs_function, WELL)
    (event,) = stage.zappa_jobs["events"]

    def enabled() -> bool:
        outputs = {"CatalogQueueArn": queues[0]}
        filled = fill_event(stage, event, stage.jobs_function, outputs, {"catalog": 2})
        return bool(filled["event_source"]["enabled"])

    assert not enabled()
    listen(lambdas, stage.jobs_function, queues[0])
    assert not enabled()
    (mapping,) = mappings_of(lambdas, stage.jobs_function)
    lambdas.update_event_source_mapping(UUID=mapping["UUID"], FunctionResponseTypes=REPORTS)
    assert enabled()
    assert not reports_failures(lambdas, stage.function, queues[0])
    remove_jobs(stage)


def test_both_have_one_code(stage: Stage, make: Make) -> None:
    make(stage.function, WELL)
    said = "^shop-dev-jobs does not run the code that shop-dev runs: `make deploy STAGE=dev`"
    with pytest.raises(DeploymentError, match=said):
        check_code(stage)
    make(stage.jobs_function, f"{WELL}  # of before")
    with pytest.raises(DeploymentError, match=said):
        check_code(stage)
    remove_jobs(stage)
    make(stage.jobs_function, WELL)
    check_code(stage)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nothing_of_the_kind", "nothing_of_the_kind"),
        ("def handler(event, context): raise RuntimeError('no key')", "no key"),
        ("def handler(event, context): return None", "null"),
    ],
)
def test_one_that_does_not_start_stops_the_deployment(
    stage: Stage, make: Make, code: str, said: str
) -> None:
    make(stage.jobs_function, code)
    with pytest.raises(DeploymentError, match=f"does not work. Lambda says: .*{said}"):
        check_start(stage)


def test_one_that_starts(stage: Stage, make: Make) -> None:
    make(stage.jobs_function, WELL)
    check_start(stage)


def test_the_first_time_it_needs_a_package(stage: Stage) -> None:
    with pytest.raises(DeploymentError, match="leave out --no-upload and --zip"):
        bring(stage, stage.settings_file)


@pytest.mark.parametrize("command", ["deploy", "update", "undeploy", "rollback", "schedule"])
def test_it_is_not_changed_alone(command: str) -> None:
    with pytest.raises(DeploymentError, match="dev_jobs is the second function of dev "):
        check_asking("dev_jobs", command)


def test_it_is_asked_alone() -> None:
    for command in ("invoke", "manage", "status", "tail"):
        check_asking("dev_jobs", command)


def test_zappa_puts_back_no_code(stage: Stage) -> None:
    """Of one function, and the other would go on with the code of now."""
    with pytest.raises(DeploymentError, match="`make rollback STAGE=dev` does both"):
        check_command(stage, "rollback")

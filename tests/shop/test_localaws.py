"""The local AWS: started, stopped, kept, locked, and never left behind."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from shop.localaws import LocalAWS, LocalAWSError
from shop.localaws.install import ROOT

STARTER = """
import sys, time
from pathlib import Path
from shop.localaws import LocalAWS

aws = LocalAWS(Path(sys.argv[1])).start()
print(aws.endpoint, flush=True)
time.sleep(600)
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "aws-state"


@pytest.fixture
def stopped() -> Iterator[list[LocalAWS]]:
    """A list whose servers are stopped at the end, however the test went."""
    servers: list[LocalAWS] = []
    yield servers
    for server in servers:
        server.stop()


def client(service: str, endpoint: str) -> Any:
    return boto3.client(service, endpoint_url=endpoint)


def put_row(endpoint: str, value: str) -> None:
    dynamodb = client("dynamodb", endpoint)
    if not dynamodb.list_tables()["TableNames"]:
        dynamodb.create_table(
            TableName="things",
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    dynamodb.put_item(TableName="things", Item={"k": {"S": value}})


def has_row(endpoint: str, value: str) -> bool:
    answer = client("dynamodb", endpoint).get_item(TableName="things", Key={"k": {"S": value}})
    return "Item" in answer


def test_keeps_tables_queues_and_files_between_runs(state: Path) -> None:
    with LocalAWS(state) as aws:
        put_row(aws.endpoint, "kept")
        sqs, s3 = client("sqs", aws.endpoint), client("s3", aws.endpoint)
        url = sqs.create_queue(QueueName="things")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="kept")
        where = {"LocationConstraint": "eu-central-1"}
        s3.create_bucket(Bucket="things", CreateBucketConfiguration=where)
        s3.put_object(Bucket="things", Key="a/b.webp", Body=b"kept", CacheControl="immutable")

    with LocalAWS(state) as aws:  # on another port
        assert has_row(aws.endpoint, "kept")
        sqs, s3 = client("sqs", aws.endpoint), client("s3", aws.endpoint)
        url = sqs.get_queue_url(QueueName="things")["QueueUrl"]
        assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "kept"
        found = s3.get_object(Bucket="things", Key="a/b.webp")
        assert (found["Body"].read(), found["CacheControl"]) == (b"kept", "immutable")


def test_without_a_folder_nothing_is_left() -> None:
    with LocalAWS() as aws:
        folder = aws.folder
        assert folder.is_dir()
    assert not folder.exists()


def test_listens_on_loopback_only() -> None:
    with LocalAWS() as aws, socket.socket() as other:
        assert aws.endpoint == f"http://127.0.0.1:{aws.port}"
        # 127.0.0.2 is another loopback address: taken if it listened on all of them.
        other.bind(("127.0.0.2", aws.port))


def test_the_environment_leads_here_and_nowhere_else() -> None:
    aws = LocalAWS(port=4566)
    aws.port = 4566
    assert aws.environment("pictures") == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "SHOP_IMAGE_BUCKET": "pictures",
        "SHOP_IMAGE_BASE_URL": "http://127.0.0.1:4566/pictures/",
    }


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalAWSError, match=rf"^Port {port} .* choose another port\.$"):
            LocalAWS(port=port).start()


def test_a_folder_serves_one_at_a_time(state: Path) -> None:
    refusal = rf"already runs .*\(process {os.getpid()} "
    with LocalAWS(state), pytest.raises(LocalAWSError, match=refusal):
        LocalAWS(state).start()
    LocalAWS(state).start().stop()


def test_unreadable_state_is_named_and_left_alone(state: Path) -> None:
    # GIVEN a state of which one file was cut short
    with LocalAWS(state) as aws:
        put_row(aws.endpoint, "kept")
    file = state / "services" / "dynamodb.json"
    whole = file.read_text()
    file.write_text(whole[:40])
    # WHEN it is started THEN it says which folder, and saves nothing over it
    with pytest.raises(LocalAWSError) as caught:
        LocalAWS(state).start()
    assert f"The state of the local AWS in {state} cannot be read" in str(caught.value)
    assert "Move that folder away" in str(caught.value)
    assert file.read_text() == whole[:40]
    # AND mended, everything is there
    file.write_text(whole)
    with LocalAWS(state) as aws:
        assert has_row(aws.endpoint, "kept")


def test_a_server_that_died_is_told_with_its_log(state: Path) -> None:
    aws = LocalAWS(state).start()
    assert aws.child is not None
    aws.child.process.kill()
    aws.child.process.wait()
    with pytest.raises(LocalAWSError, match=r"ended by itself.*may be lost") as caught:
        aws.stop()
    assert "Running on http://127.0.0.1" in str(caught.value)


def test_a_server_that_cannot_start_is_told_with_its_log(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.localaws.server.ministack_python", lambda: sys.executable)
    with pytest.raises(LocalAWSError, match="ended while starting") as caught:
        LocalAWS(state).start()  # the shop's own Python has no ministack
    assert "No module named ministack" in str(caught.value)


def test_killing_the_starter_ends_it_with_its_state_saved(
    state: Path, stopped: list[LocalAWS]
) -> None:
    # GIVEN a server started by another process, and a row in it
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(state)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with starter:
        assert starter.stdout is not None
        endpoint = starter.stdout.readline().strip()
        put_row(endpoint, "saved")
        # WHEN that process gets no chance to stop it
        starter.kill()
    # THEN it ends by itself (this start waits for that), and the row was saved
    again = LocalAWS(state).start()
    stopped.append(again)
    assert has_row(again.endpoint, "saved")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(endpoint.rpartition(":")[2])), timeout=5)

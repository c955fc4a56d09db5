"""SQS as AWS describes it: the local one may be more forgiving."""

from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator
from django.db import OperationalError

from outbox import queues
from outbox.queues import SQS, Outgoing, send
from tests.outbox.queues import TestQueue


def test_the_service_is_boto3_s() -> None:
    known = boto3.client(SQS.name).meta.service_model
    assert (known.signing_name, known.service_id.upper()) == (SQS.name, SQS.variable)
    assert known.metadata["targetPrefix"] == SQS.target
    assert known.metadata["jsonVersion"] == SQS.version
    assert known.metadata["endpointPrefix"] == SQS.name


def test_several_messages_are_one_call(
    order_queue: TestQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As AWS describes it: the local one loses the traces of a batch."""
    header = "Root=1-5e66d96f-7491f09xmpl79d18acf3d050;Sampled=1"
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    called: list[tuple[str, Any]] = []
    call = type(queues.api()).call

    def noted(self: Any, operation: str, params: Any) -> Any:
        called.append((operation, params))
        return call(self, operation, params)

    queues.queue_url(order_queue.name)
    monkeypatch.setattr(type(queues.api()), "call", noted)
    send(order_queue.name, [Outgoing({"n": 1}, "a house"), Outgoing({"n": 2}, "")])

    ((operation, params),) = called
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": header}}
    assert (operation, params["Entries"]) == (
        "SendMessageBatch",
        [
            {
                "Id": "0",
                "MessageBody": '{"n": 1}',
                "MessageGroupId": "a-house",
                "MessageSystemAttributes": trace,
            },
            {"Id": "1", "MessageBody": '{"n": 2}', "MessageSystemAttributes": trace},
        ],
    )
    shape = boto3.client("sqs").meta.service_model.operation_model(operation).input_shape
    assert not ParamValidator().validate(params, shape).has_errors()
    answer = order_queue.sqs.receive_message(
        QueueUrl=order_queue.url,
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=["MessageGroupId"],
    )
    got = {each["Body"]: each.get("Attributes", {}) for each in answer["Messages"]}
    assert got == {'{"n": 1}': {"MessageGroupId": "a-house"}, '{"n": 2}': {}}


def test_a_batch_of_which_a_part_is_refused_waits_for_the_sweeper(
    order_queue: TestQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    queues.queue_url(order_queue.name)
    refused = {"Successful": [{"Id": "0"}], "Failed": [{"Id": "1", "Code": "InternalError"}]}
    monkeypatch.setattr(type(queues.api()), "call", lambda self, *given: refused)
    with pytest.raises(OperationalError, match=r"SQS has not taken all: .*InternalError"):
        send(order_queue.name, [Outgoing({"n": 1}, ""), Outgoing({"n": 2}, "")])

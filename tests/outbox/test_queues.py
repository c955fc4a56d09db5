"""SQS as AWS describes it: the local one may be more forgiving."""

import boto3

from outbox.queues import SQS


def test_the_service_is_boto3_s() -> None:
    known = boto3.client(SQS.name).meta.service_model
    assert (known.signing_name, known.service_id.upper()) == (SQS.name, SQS.variable)
    assert known.metadata["targetPrefix"] == SQS.target
    assert known.metadata["jsonVersion"] == SQS.version
    assert known.metadata["endpointPrefix"] == SQS.name

"""Which version is the code before."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infrastructure.errors import DeploymentError
from infrastructure.rollback import previous_version


@pytest.fixture
def published() -> Iterator[Any]:
    """`published("AAB")`: versions 1 to 3 of a function, by their code, $LATEST as AWS lists it."""
    client = boto3.client("lambda")
    with Stubber(client) as aws:

        def answer(codes: str) -> Any:
            versions = [{"Version": "$LATEST", "CodeSha256": codes[-1]}]
            versions += [
                {"Version": str(number), "CodeSha256": code} for number, code in enumerate(codes, 1)
            ]
            aws.add_response("list_versions_by_function", {"Versions": versions})
            return client

        yield answer


@pytest.mark.parametrize(
    ("codes", "version"),
    [
        ("AB", "1"),
        ("AABB", "2"),  # snapshots: two versions a deployment
        ("ABCB", "1"),  # B was put back: a second time it goes further
        ("AAAAAAAAAABC", "11"),  # by number, not by text
    ],
)
def test_the_code_before(published: Any, codes: str, version: str) -> None:
    assert previous_version(published(codes), "shop-dev") == version


@pytest.mark.parametrize("codes", ["A", "AA", "ABA"])
def test_there_is_none(published: Any, codes: str) -> None:
    with pytest.raises(DeploymentError, match="keeps no code of shop-dev from before"):
        previous_version(published(codes), "shop-dev")

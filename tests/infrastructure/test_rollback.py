"""Which version is the code before, and that its code is what comes back."""

import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from infrastructure.errors import DeploymentError
from infrastructure.rollback import (
    has_module,
    hash_of,
    package_at,
    previous_version,
    put_back,
    put_back_both,
)
from infrastructure.stages import load_stage


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


PACKAGE = b"PK, the code before"


class Link(BaseHTTPRequestHandler):
    """To a package, as Lambda gives one."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(PACKAGE)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def link() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Link) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def found(link: str, code: bytes) -> dict[str, Any]:
    return {"Code": {"Location": link}, "Configuration": {"CodeSha256": hash_of(code)}}


UPDATED = {"Configuration": {"State": "Active", "LastUpdateStatus": "Successful"}}


@pytest.mark.parametrize("snap_start", [False, True])
def test_the_code_comes_back(snap_start: bool) -> None:
    """Published; with snapshots the alias waits until there is one of it."""
    client = boto3.client("lambda")
    name = {"FunctionName": "shop-dev"}
    with Stubber(client) as aws:
        sent = {**name, "ZipFile": PACKAGE, "Publish": True}
        aws.add_response("update_function_code", {"Version": "7"}, sent)
        aws.add_response("get_function", UPDATED, name)
        if snap_start:
            published = {**name, "Qualifier": "7"}
            aws.add_response("get_function_configuration", {"State": "Active"}, published)
            alias = {**name, "Name": "snapstart", "FunctionVersion": "7"}
            aws.add_response("update_alias", {}, alias)
        put_back(client, "shop-dev", PACKAGE, snap_start=snap_start)
        aws.assert_no_pending_responses()


def package_with(file: str) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr(file, "")
    return package.getvalue()


def test_who_was_interrupted_gets_the_same_again() -> None:
    """GIVEN a rollback that broke between the two functions: what is live on the first, by which
    the code before is found, is as it was."""
    client, stage = boto3.client("lambda"), load_stage("dev")
    package = package_with("shop/jobs_function.py")
    with Stubber(client) as aws:
        sent = {"FunctionName": "shop-dev-jobs", "ZipFile": package, "Publish": True}
        aws.add_response("update_function_code", {"Version": "2"}, sent)
        aws.add_response("get_function", UPDATED, {"FunctionName": "shop-dev-jobs"})
        aws.add_client_error(
            "update_function_code",
            "ServiceException",
            expected_params={**sent, "FunctionName": "shop-dev"},
        )
        with pytest.raises(ClientError):
            put_back_both(client, stage, package, snap_start=False)
        aws.assert_no_pending_responses()


def test_the_package_of_a_version(link: str) -> None:
    client = boto3.client("lambda")
    with Stubber(client) as aws:
        asked = {"FunctionName": "shop-dev", "Qualifier": "3"}
        aws.add_response("get_function", found(link, PACKAGE), asked)
        assert package_at(client, "shop-dev", "3") == PACKAGE


def test_other_code_does_not(link: str) -> None:
    client = boto3.client("lambda")
    with Stubber(client) as aws:
        aws.add_response("get_function", found(link, b"something else"))
        with pytest.raises(DeploymentError, match="other code than that of version 3"):
            package_at(client, "shop-dev", "3")


def test_the_hash_is_lambda_s() -> None:
    assert hash_of(b"") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize(("file", "there"), [("shop/jobs_function.py", True), ("shop/a.py", False)])
def test_code_of_before_there_were_two_functions(file: str, there: bool) -> None:
    """It has nothing that the second one could start: that one keeps its code."""
    assert has_module(package_with(file), "shop.jobs_function.lambda_handler") is there

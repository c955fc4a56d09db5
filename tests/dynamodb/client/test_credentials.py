"""Where credentials and endpoints come from."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db.utils import OperationalError

from dynamodb.client.client import Client
from dynamodb.client.signing import Credentials, endpoint_of, find_credentials
from tests.dynamodb.faults import Fault, fault_proxy

NAMES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"]
ENDPOINTS = ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key in the environment, no files, nobody to ask for a role."""
    for name in (*NAMES, *ENDPOINTS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(NAMES, ("id", "secret", "token"), strict=False):
        monkeypatch.setenv(name, value)

    assert find_credentials()() == Credentials("id", "secret", "token")
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    assert find_credentials()() == Credentials("id", "secret", None)


def test_from_a_profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id = first\naws_secret_access_key = one\n"
        "[other]\naws_access_key_id = second\naws_secret_access_key = two\n"
        "aws_session_token = three\n"
    )

    assert find_credentials()() == Credentials("first", "one", None)
    monkeypatch.setenv("AWS_PROFILE", "other")
    assert find_credentials()() == Credentials("second", "two", "three")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")  # alone it says nothing
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert find_credentials()() == Credentials("id", "secret", None)


def test_from_nowhere() -> None:
    with pytest.raises(OperationalError, match="No AWS credentials: set AWS_ACCESS_KEY_ID"):
        find_credentials()


def process(folder: Path, lasting: timedelta) -> None:
    """A config whose credential process numbers the keys that it hands out."""
    expiry = (datetime.now(UTC) + lasting).isoformat()
    script = folder / "issue.py"
    script.write_text(
        "import json, pathlib\n"
        f"count = pathlib.Path({str(folder / 'count')!r})\n"
        "n = int(count.read_text()) + 1 if count.exists() else 1\n"
        "count.write_text(str(n))\n"
        f"print(json.dumps({{**{json.dumps({'Version': 1, 'SecretAccessKey': 's'})}, "
        f"'AccessKeyId': f'key{{n}}', 'SessionToken': f't{{n}}', 'Expiration': '{expiry}'}}))\n"
    )
    (folder / "config").write_text(f"[default]\ncredential_process = {sys.executable} {script}\n")


@pytest.mark.parametrize(
    ("minutes", "expected"), [(120, ["key1", "key1", "key1"]), (5, ["key2", "key3", "key4"])]
)
def test_a_token_about_to_expire_is_renewed(
    tmp_path: Path, minutes: int, expected: list[str]
) -> None:
    """botocore renews one that ends within ten minutes, the others it keeps. The first it
    has got by finding out that there are any."""
    process(tmp_path, timedelta(minutes=minutes))
    credentials = find_credentials()

    assert [credentials().access_key for _ in range(3)] == expected


def test_the_next_request_is_signed_with_the_new_token(tmp_path: Path) -> None:
    process(tmp_path, timedelta(minutes=5))
    with fault_proxy("http://127.0.0.1:9") as server:
        client = Client(region="eu-central-1", endpoint=server.url)
        server.inject("GetItem", *[Fault(status=200, body={})] * 2)
        signed = [
            client.signer.headers("GetItem", b"{}", 1_800_000_000.0)["authorization"]
            for _ in range(2)
        ]
        assert [client.call("GetItem", {}) for _ in range(2)] == [{}, {}]
        client.close()

    assert [text.partition("Credential=")[2].partition("/")[0] for text in signed] == [
        "key2",
        "key3",
    ]


@pytest.mark.parametrize(
    ("dynamodb", "all_services", "expected"),
    [
        (None, None, "https://dynamodb.eu-central-1.amazonaws.com"),
        (None, "http://all:1", "http://all:1"),
        ("http://one:2", None, "http://one:2"),
        ("http://one:2", "http://all:1", "http://one:2"),
        ("", "http://all:1/", "http://all:1"),
        ("", "", "https://dynamodb.eu-central-1.amazonaws.com"),
    ],
)
def test_endpoints(
    monkeypatch: pytest.MonkeyPatch, dynamodb: str | None, all_services: str | None, expected: str
) -> None:
    for name, value in zip(ENDPOINTS, (dynamodb, all_services), strict=True):
        if value is not None:
            monkeypatch.setenv(name, value)

    assert endpoint_of("eu-central-1") == expected


def test_the_endpoint_of_china() -> None:
    assert endpoint_of("cn-north-1") == "https://dynamodb.cn-north-1.amazonaws.com.cn"

"""Where the secret key is found."""

from collections.abc import Iterator

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured

from shop import secret_key
from shop.secret_key import read_secret_keys

REGION = "eu-central-1"
SECRET = "shop-test/secret-key"
PARAMETER = "/shop-test/secret-key"


def by_name(name: str) -> str:
    (key,) = read_secret_keys({"SHOP_SECRET_KEY_NAME": name}, REGION)
    return key


@pytest.fixture
def secret() -> Iterator[str]:
    """Its ARN."""
    secrets = boto3.client("secretsmanager", region_name=REGION)
    arn = secrets.create_secret(Name=SECRET, SecretString="kept: ä")["ARN"]
    yield arn
    secrets.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)


@pytest.fixture
def parameter() -> Iterator[str]:
    """Its ARN."""
    parameters = boto3.client("ssm", region_name=REGION)
    parameters.put_parameter(Name=PARAMETER, Value="kept: ä", Type="SecureString")
    yield parameters.get_parameter(Name=PARAMETER)["Parameter"]["ARN"]
    parameters.delete_parameter(Name=PARAMETER)


def test_in_the_environment() -> None:
    environ = {"SHOP_SECRET_KEY": "here", "SHOP_SECRET_KEY_NAME": SECRET}
    assert read_secret_keys(environ, REGION) == ["here"]


def test_in_secrets_manager(secret: str) -> None:
    assert (by_name(SECRET), by_name(secret)) == ("kept: ä", "kept: ä")


def test_in_parameter_store(parameter: str) -> None:
    assert (by_name(PARAMETER), by_name(parameter)) == ("kept: ä", "kept: ä")


@pytest.mark.parametrize("name", [SECRET, PARAMETER])
def test_aws_does_not_have_it(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"SHOP_SECRET_KEY_NAME is {name}, and AWS"):
        by_name(name)


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9")
    with pytest.raises(ImproperlyConfigured, match="secretsmanager does not answer at http"):
        by_name(SECRET)


def test_the_services_are_boto3_s() -> None:
    """Names, versions and endpoints, as botocore's own descriptions have them."""
    for service in (secret_key.PARAMETER_STORE, secret_key.SECRETS_MANAGER):
        known = boto3.client(service.name, region_name=REGION).meta.service_model
        assert known.signing_name == service.name
        assert known.service_id.replace(" ", "_").upper() == service.variable
        assert known.metadata["targetPrefix"] == service.target
        assert known.metadata["jsonVersion"] == service.version


@pytest.mark.parametrize("environ", [{}, {"SHOP_SECRET_KEY": ""}])
def test_nowhere(environ: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="Set the environment variable SHOP_SECRET_KEY"):
        read_secret_keys(environ, REGION)


@pytest.mark.parametrize("text", ["new\nold", "new\r\n\r\n old \r\n", "\nnew\n\nold\n"])
def test_a_key_a_line(secret: str, text: str) -> None:
    boto3.client("secretsmanager", region_name=REGION).put_secret_value(
        SecretId=SECRET, SecretString=text
    )
    assert read_secret_keys({"SHOP_SECRET_KEY_NAME": SECRET}, REGION) == ["new", "old"]


def test_no_key_in_it(secret: str) -> None:
    boto3.client("secretsmanager", region_name=REGION).put_secret_value(
        SecretId=SECRET, SecretString=" \r\n"
    )
    with pytest.raises(ImproperlyConfigured, match=f"{SECRET} holds no key"):
        by_name(SECRET)

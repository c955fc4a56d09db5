"""Where the secret key is found."""

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured

from shop.secret_key import read_secret_key

REGION = "eu-central-1"
SECRET = "shop-test/secret-key"
PARAMETER = "/shop-test/secret-key"


def by_name(name: str) -> str:
    return read_secret_key({"SHOP_SECRET_KEY_NAME": name}, REGION)


def test_in_the_environment():
    environ = {"SHOP_SECRET_KEY": "here", "SHOP_SECRET_KEY_NAME": SECRET}
    assert read_secret_key(environ, REGION) == "here"


def test_in_secrets_manager(mocked_aws):
    secrets = boto3.client("secretsmanager", region_name=REGION)
    arn = secrets.create_secret(Name=SECRET, SecretString="kept")["ARN"]
    assert (by_name(SECRET), by_name(arn)) == ("kept", "kept")


def test_in_parameter_store(mocked_aws):
    parameters = boto3.client("ssm", region_name=REGION)
    parameters.put_parameter(Name=PARAMETER, Value="kept", Type="SecureString")
    arn = parameters.get_parameter(Name=PARAMETER)["Parameter"]["ARN"]
    assert (by_name(PARAMETER), by_name(arn)) == ("kept", "kept")


@pytest.mark.parametrize("name", [SECRET, PARAMETER])
def test_aws_does_not_have_it(mocked_aws, name):
    with pytest.raises(ImproperlyConfigured, match=f"SHOP_SECRET_KEY_NAME is {name}, and AWS"):
        by_name(name)


@pytest.mark.parametrize("environ", [{}, {"SHOP_SECRET_KEY": ""}])
def test_nowhere(environ):
    with pytest.raises(ImproperlyConfigured, match="Set the environment variable SHOP_SECRET_KEY"):
        read_secret_key(environ, REGION)

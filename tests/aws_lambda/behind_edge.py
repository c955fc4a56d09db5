"""The shop behind CloudFront and API Gateway, for tests."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User

from catalog.models import Product
from infrastructure.stages import environment, load_stage
from tests.aws_lambda.conftest import Handler
from tests.aws_lambda.edge import (
    HOST,
    Edge,
    Function,
)
from tests.aws_lambda.starting import running
from tests.conftest import make_user

TOKEN = "/api/v1/auth/token/"
SETTINGS = "tests.aws_lambda.deployed_settings"
OUTPUTS = dict.fromkeys(
    (
        *("ImageBucketName", "StaticBucketName", "SiteBucketName"),
        *("CatalogQueueName", "OrderQueueName"),
        *("SecretKeyArn", "FunctionRoleArn", "PackageBucketName"),
        *("MailConfigurationName", "MailEventQueueName"),
    ),
    "unused",
) | {"PublicHost": HOST}
# Of them the process gets these alone: its tables and queues are the test run's.
OF_THE_STAGE = ("SHOP_PUBLIC_URL", "SHOP_STATIC_URL", "SHOP_IMAGE_BASE_URL")
BLUES = [f"MUG-BLUE-{number}" for number in range(8)]
# What the run sets and a stage does not.
UNSET = {
    "SHOP_INSECURE_HTTP": "",
    "SHOP_ALLOWED_HOSTS": "",
    "SHOP_LIMITS": "sign-in-address=10/d",  # A minute may end between two attempts.
}


@pytest.fixture(scope="module")
def function(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    """The function of the stage `production` on AWS."""
    stage = load_stage("production")
    on_aws = dataclasses.replace(stage, endpoint=None)
    variables = environment(on_aws, OUTPUTS)
    given = {name: variables.get(name, "") for name in OF_THE_STAGE}
    folder = tmp_path_factory.mktemp("function")
    with running(folder, DJANGO_SETTINGS_MODULE=SETTINGS, **UNSET, **given) as handler:
        yield handler


@pytest.fixture
def edge(function: Handler, viewer_function: Function | None) -> Edge:
    return Edge(function, viewer_function)


@pytest.fixture
def boss(db: None) -> User:
    return make_user("boss", is_staff=True, is_superuser=True)


@pytest.fixture
def articles(make_product: Callable[..., Product]) -> list[Product]:
    """Two for sale; a list with one a page has a next one."""
    return [
        make_product("Red Mug", {"MUG-RED": "12.00"}, stock=10),
        make_product("Blue Mug", dict.fromkeys(BLUES, "12.00"), stock=10),
    ]

"""What every test may ask for: people, the AWS, counted calls."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from tests import emptying, local_aws
from tests.contract.answers import FAULTS

PASSWORD = "correct horse battery staple"
CATALOG_MANAGERS = "Catalog managers"


class Staff(Client):
    """A browser in which a member of staff has signed in to the admin."""

    def __init__(self, user: User):
        super().__init__()
        self.user = user
        self.force_login(user)


class Customer(APIClient):
    """An API client with a customer's token."""

    def __init__(self, user: User):
        super().__init__()
        self.user = user
        self.token = str(RefreshToken.for_user(user).access_token)
        self.credentials(HTTP_AUTHORIZATION=f"Bearer {self.token}")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No throttle of one test counts in the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def as_declared() -> Iterator[None]:
    """All that the API answered in a test is as the OpenAPI schema says."""
    yield
    faults = FAULTS.copy()
    FAULTS.clear()
    assert faults == []


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """A test that reaches for the network fails, with the address that it wanted."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo
    here = {"127.0.0.1", "::1", "localhost"}

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in here:
            raise RuntimeError(f"A test wanted to connect to {address}")
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host and host not in here:
            raise RuntimeError(f"A test wanted the address of {host}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(scope="session", autouse=True)
def provisioned(loopback_only: None) -> None:
    """The bucket, the queues and the mail identity, as every deployment has them."""
    from shop.provision import provision_resources, wanted_resources

    if local_aws.ENDPOINT in os.environ:
        provision_resources(resources=wanted_resources())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Made once; after each test that commits, what that changed is undone."""
    with django_db_blocker.unblock():
        emptying.remember()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: emptying.restore())
        yield


@pytest.fixture
def mocked_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """moto in place of the local AWS, for single-threaded tests of S3, SES, SQS, secrets."""
    from moto import mock_aws

    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture
def calls() -> Callable[[], AbstractContextManager[list[Any]]]:
    """`with calls() as made:` lists the DynamoDB calls made within."""
    from dynamodb.calls import record

    return record


@pytest.fixture
def guest() -> APIClient:
    """Somebody who has not signed in."""
    return APIClient()


@pytest.fixture
def customer(db: None) -> Customer:
    """Somebody who has an account and a token."""
    return Customer(make_user("customer"))


@pytest.fixture
def other_customer(db: None) -> Customer:
    """Somebody else, who may see nothing of `customer`'s."""
    return Customer(make_user("other_customer"))


@pytest.fixture
def manager(db: None) -> Staff:
    """A catalog manager, signed in to the admin."""
    user = make_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name=CATALOG_MANAGERS))
    return Staff(user)


@pytest.fixture
def clerk(db: None) -> Staff:
    """Signed in to the admin, in no group: may do nothing there."""
    return Staff(make_user("clerk", is_staff=True))


@pytest.fixture
def superuser(db: None) -> Staff:
    """May do everything in the admin."""
    return Staff(make_user("superuser", is_staff=True, is_superuser=True))


def make_user(name: str, **flags: bool) -> User:
    return User.objects.create_user(name, f"{name}@example.com", PASSWORD, **flags)

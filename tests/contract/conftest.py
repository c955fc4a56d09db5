import os
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop.localaws.server import HOST
from tests.conftest import PASSWORD
from tests.endtoend.deployment import Deployment

USERNAME = "ada"


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, provisioned: None) -> Deployment:
    """A shop of its own, with a mug to buy and a customer."""
    name = f"contract-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{uuid.uuid4().hex[:6]}"
    shop = Deployment(name, tmp_path_factory.mktemp("logs"))
    shop.prepare("tests.contract.prepare", USERNAME, PASSWORD)
    return shop


@pytest.fixture(scope="session")
def url(shop: Deployment) -> Iterator[str]:
    """Where it is served; a worker settles its orders."""
    with shop.server() as port, shop.workers(1):
        yield f"http://{HOST}:{port}"


@pytest.fixture(scope="session")
def schema_file(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schema as the shop serves it."""
    file = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    with urllib.request.urlopen(f"{url}/api/v1/schema/", timeout=10) as answer:  # noqa: S310  ours
        file.write_bytes(answer.read())
    return file

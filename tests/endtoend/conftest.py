import os
import uuid
from collections.abc import Iterator

import pytest

from tests.endtoend.deployment import Deployment


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, provisioned: None) -> Deployment:
    """A shop of its own, beside the one that the other tests use."""
    name = f"e2e-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{uuid.uuid4().hex[:6]}"
    shop = Deployment(name, tmp_path_factory.mktemp("logs"))
    shop.prepare()
    return shop


@pytest.fixture(scope="session")
def port(shop: Deployment) -> Iterator[int]:
    """Where the shop's server listens."""
    with shop.server() as port:
        yield port

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from tests.outbox.queues import TestQueue, order_queue
from tests.outbox.subscribers import household

__all__ = ["household", "order_queue"]


@pytest.fixture
def catalog_queue(settings: Any) -> Iterator[TestQueue]:
    name = f"{settings.QUEUES['catalog']}-{uuid4().hex}"
    settings.QUEUES = {**settings.QUEUES, "catalog": name}
    queue = TestQueue(name)
    yield queue
    with suppress(queue.sqs.exceptions.QueueDoesNotExist):  # the test deleted it
        queue.delete()

"""django-q2: a queue in a table."""

from typing import Any

from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task, queue_size, schedule

from tests.thirdparty.operations import operation


@operation
def enqueue() -> list[Any]:
    async_task("math.sqrt", 4, group="roots")
    return [queue_size(), OrmQ.objects.count()]


@operation
def make_a_schedule() -> list[Any]:
    schedule("math.sqrt", 9, name="hourly", schedule_type=Schedule.HOURLY)
    return [[each.name, each.schedule_type] for each in Schedule.objects.all()]

"""django-q2: a queue in a table, its results and its timetable."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Failure, OrmQ, Schedule, Success, Task
from django_q.scheduler import scheduler
from django_q.tasks import (
    async_task,
    count_group,
    delete_group,
    fetch_group,
    queue_size,
    result_group,
    schedule,
)

from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser


@operation
def enqueue() -> list[Any]:
    async_task("math.sqrt", 4, group="roots")
    return [queue_size(), OrmQ.objects.count(), OrmQ.objects.get().func()]


@operation
def dequeue() -> list[Any]:
    """A task is locked for who takes it, and gone once it is acknowledged."""
    broker = get_broker()
    ((key, _),) = broker.dequeue()
    locked = [broker.queue_size(), broker.lock_size()]
    broker.acknowledge(key)
    return [*locked, OrmQ.objects.count()]


@operation
def run_at_once() -> list[Any]:
    for number in (9, 16, -1):
        with suppress(ValueError):  # of the last one, which is kept as a failure
            async_task("math.sqrt", number, group="roots", sync=True)
    return [
        [each.result for each in Success.objects.order_by("started")],
        [str(each.result).splitlines()[0] for each in Failure.objects.all()],
        Task.objects.count(),
    ]


@operation
def a_group() -> list[Any]:
    found = sorted(result_group("roots"))
    failed = count_group("roots", failures=True)
    names = [task.func for task in fetch_group("roots", failures=False)]
    delete_group("roots", tasks=True)
    return [found, failed, names, Task.objects.count()]


@operation
def make_schedules() -> list[Any]:
    schedule("math.sqrt", 9, name="hourly", schedule_type=Schedule.HOURLY)
    schedule("math.sqrt", 16, name="once", schedule_type=Schedule.ONCE)
    schedule("math.sqrt", 25, name="by minutes", schedule_type=Schedule.MINUTES, minutes=5)
    return [[s.name, s.schedule_type, s.minutes] for s in Schedule.objects.order_by("name")]


@operation
def the_scheduler_runs() -> list[Any]:
    """What is due goes into the queue and gets its next time; what is done once is gone."""
    Schedule.objects.update(next_run=timezone.now() - timedelta(minutes=1))
    scheduler(broker=get_broker())
    later = Schedule.objects.filter(next_run__gt=timezone.now())
    left = sorted(Schedule.objects.values_list("name", "repeats"))
    return [queue_size(), sorted(each.name for each in later), left]


@operation
def purge() -> list[int]:
    get_broker().purge_queue()
    return [queue_size(), OrmQ.objects.count()]


@operation
def admin_lists() -> list[Any]:
    kinds = ("success", "failure", "schedule", "ormq")
    return [page(superuser().get(f"/admin/django_q/{kind}/"))[:2] for kind in kinds]

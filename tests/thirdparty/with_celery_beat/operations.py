"""django-celery-beat: a timetable in tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

from celery import Celery
from celery.schedules import crontab, schedule
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    PeriodicTasks,
    SolarSchedule,
)
from django_celery_beat.schedulers import DatabaseScheduler

from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser

app = Celery("thirdparty", broker="memory://", set_as_current=True)


def scheduler() -> Any:
    return DatabaseScheduler(app=app, lazy=True)


def interval(every: int = 10, period: str = "seconds") -> Any:
    return IntervalSchedule.objects.get_or_create(every=every, period=period)[0]


@operation
def intervals() -> list[Any]:
    task = PeriodicTask.objects.create(name="sweep", task="tasks.sweep", interval=interval())
    return [str(task), str(task.schedule), task.enabled, IntervalSchedule.objects.count()]


@operation
def crontabs() -> list[Any]:
    hours, _ = CrontabSchedule.objects.get_or_create(minute="0", hour="3", timezone="UTC")
    task = PeriodicTask.objects.create(name="nightly", task="tasks.report", crontab=hours)
    return [str(task.crontab), task.crontab.human_readable, str(task.scheduler)]


@operation
def clocked_and_solar() -> list[Any]:
    once = ClockedSchedule.objects.create(clocked_time=datetime(2036, 1, 1, tzinfo=UTC))
    SolarSchedule.objects.create(event="sunrise", latitude="48.2", longitude="16.37")
    PeriodicTask.objects.create(name="once", task="tasks.once", clocked=once, one_off=True)
    found = SolarSchedule.objects.get(event="sunrise")
    names = sorted(PeriodicTask.objects.values_list("name", flat=True))
    return [str(once), str(found), str(found.latitude), names]


@operation
def what_is_wrong() -> list[Any]:
    said: list[Any] = []
    tasks: list[Any] = [
        PeriodicTask(name="none", task="tasks.none"),
        PeriodicTask(name="once again", task="t", clocked=ClockedSchedule.objects.get()),
        PeriodicTask(name="sweep", task="tasks.sweep", interval=interval()),
    ]
    for task in tasks:
        try:
            task.full_clean()
            said.append("accepted")
        except ValidationError as error:
            said.append(sorted(error.message_dict))
    return said


@operation
def the_scheduler_reads() -> list[Any]:
    found = scheduler().schedule
    return sorted([name, str(entry.task), str(entry.schedule)] for name, entry in found.items())


@operation
def the_scheduler_sees_a_change() -> list[Any]:
    reader = scheduler()
    before = [reader.schedule_changed(), reader.schedule_changed()]
    task = PeriodicTask.objects.get(name="sweep")
    task.interval = interval(5, "minutes")
    task.save()
    return [*before, reader.schedule_changed(), str(reader.schedule["sweep"].schedule)]


@operation
def the_scheduler_saves_runs() -> list[Any]:
    reader = scheduler()
    entry = reader.schedule["sweep"]
    reader.reserve(entry)
    reader.reserve(reader.schedule["sweep"])
    reader.sync()
    task = PeriodicTask.objects.get(name="sweep")
    return [task.total_run_count, task.last_run_at is not None]


@operation
def default_entries() -> list[Any]:
    reader = scheduler()
    reader.update_from_dict(
        {
            "by beat": {"task": "tasks.beat", "schedule": schedule(30.0), "args": [1, 2]},
            "by cron": {
                "task": "tasks.cron",
                "schedule": crontab(minute="*/5"),
                "kwargs": {"a": 1},
            },
        }
    )
    reader.update_from_dict({"by beat": {"task": "tasks.beat", "schedule": schedule(60.0)}})
    found = PeriodicTask.objects.filter(name__startswith="by ").order_by("name")
    return [[t.name, t.args, t.kwargs, str(t.schedule)] for t in found]


@operation
def due() -> bool:
    PeriodicTask.objects.filter(name="sweep").update(last_run_at=timezone.now() - timedelta(days=1))
    PeriodicTasks.update_changed()
    return bool(scheduler().schedule["sweep"].is_due().is_due)


@operation
def disable() -> list[Any]:
    PeriodicTask.objects.filter(name__in=["sweep", "once"]).update(enabled=False)
    PeriodicTasks.update_changed()
    found = scheduler().schedule
    return [name in found for name in ("sweep", "once", "nightly")]


@operation
def admin_pages() -> list[Any]:
    client = superuser()
    key = PeriodicTask.objects.get(name="sweep").pk
    lists = ["periodictask", "intervalschedule", "crontabschedule", "clockedschedule"]
    acted = client.post(
        "/admin/django_celery_beat/periodictask/",
        {"action": "enable_tasks", "_selected_action": [key]},
    )
    shown = [page(client.get(f"/admin/django_celery_beat/{name}/"))[:2] for name in lists]
    return [page(acted)[:2], PeriodicTask.objects.get(pk=key).enabled, *shown]


@operation
def delete_a_schedule() -> list[Any]:
    interval(5, "minutes").delete()
    return sorted(PeriodicTask.objects.values_list("name", flat=True))

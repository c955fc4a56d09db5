"""From a new process to its first answer, as on Lambda: what the shop adds to a bare project.

Ours is what the package has: its entry, its settings of Zappa, the packages of
`infrastructure/runtime.txt` and no others (no `site`), the secret key in Secrets Manager.

Theirs is what `django-admin startproject` makes, with REST framework and one view, which has
the page of products as a constant and no database to ask. It answers through Zappa's handler
too, imported as ours is, without boto3: with the handler as Zappa ships it they would take a
third longer, and what Zappa costs is not the question.

Both have compiled modules and warm disk caches. Of each process counts all CPU and all time
from before it is there until its answer is out; the interpreter's own start is in it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import boto3

from benchmarks.imports import REGION
from benchmarks.pairs import alternate
from benchmarks.world import ROOT, World
from infrastructure.errors import DeploymentError
from infrastructure.targets import local_target, runtime_environment
from tests.aws_lambda.gateway import Request, rest_api_event
from tests.dynamodb.servers import Unavailable

LIST = "/api/v1/products/"
WARM = 30  # requests until one counts as warm, and as many that are measured
SECRET = "bench/secret-key"  # noqa: S105  its name
PROGRAM = """
import json, os, sys, time
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
event = json.loads(sys.argv[2])
from {entry} import lambda_handler
ready = time.process_time()
answer = lambda_handler(event, None)
done = time.process_time()
print(json.dumps([ready, done, answer]), file=answers, flush=True)
for number in range(2 * int(sys.argv[1])):
    if number == int(sys.argv[1]):
        started = time.process_time()
    lambda_handler(event, None)
if int(sys.argv[1]):
    print((time.process_time() - started) / int(sys.argv[1]), file=answers)
"""
SETTINGS = """
DEBUG, ALLOWED_HOSTS = False, [".amazonaws.com"]
INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework"]
"""
ADDRESSES = """
import json
from pathlib import Path
from django.contrib import admin
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

PAGE = json.loads(Path(__file__).with_name("page.json").read_text())


class Products(APIView):
    def get(self, request):
        return Response(PAGE)


urlpatterns = [path("admin/", admin.site.urls), path("api/v1/products/", Products.as_view())]
"""


class Start(NamedTuple):
    """Milliseconds of one process: CPU and time until its first answer, CPU of the first request
    and of a warm one. And the answer."""

    cpu: float
    wall: float
    first: float
    warm: float
    page: str


class Starter:
    """Starts processes of one side. `path` is all that they import from, the first a folder of
    the side's own."""

    def __init__(self, entry: str, environ: dict[str, str], path: list[Path]):
        self.entry, self.folder = entry, path[0]
        self.environ = environ | {"PYTHONPATH": os.pathsep.join(map(str, path))}

    def start(self, warm: int = 0) -> Start:
        """A new process, its answer, and then `warm` requests more, twice."""
        event = json.dumps(rest_api_event(Request("GET", LIST)))
        code = PROGRAM.format(entry=self.entry)
        started = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-S", "-c", code, str(warm), event],
            cwd=self.folder,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            wall = time.perf_counter() - started
            per_request = process.stdout.read()
        if not line:
            raise RuntimeError(f"{self.entry} did not start: see it with python -c {code!r}")
        ready, done, answer = json.loads(line)
        assert answer["statusCode"] == 200, answer
        return Start(
            1000 * done,
            1000 * wall,
            1000 * (done - ready),
            1000 * float(per_request or 0),
            answer["body"],
        )


def measure_starts(world: World, kind: str, rounds: int) -> Iterator[tuple[float, float]]:
    """Pairs of milliseconds, by `kind`: "cpu" and "wall" of ours and theirs until the first
    answer; "first" is the CPU of ours' first request and of a warm one, in one process."""
    with sides(world) as (ours, theirs):
        if kind == "first":
            for _ in range(rounds):
                made = ours.start(WARM)
                yield made.first, made.warm
        elif kind == "cpu":
            yield from alternate(lambda: ours.start().cpu, lambda: theirs.start().cpu, rounds)
        else:
            yield from alternate(lambda: ours.start().wall, lambda: theirs.start().wall, rounds)


@contextmanager
def sides(world: World) -> Iterator[tuple[Starter, Starter]]:
    """The shop and the bare project, once each of them has started and delivered the same."""
    try:
        packages = next(runtime_environment(local_target()).glob("lib/*/site-packages"))
    except DeploymentError as error:
        raise Unavailable(str(error)) from error
    with TemporaryDirectory(prefix="starting-") as name:
        folder = Path(name)
        environ = {
            **world.environment("canned"),
            "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
            "SHOP_SECRET_KEY_NAME": keep_secret(world),
        }
        for unwanted in ("PYTHONDONTWRITEBYTECODE", "SHOP_SECRET_KEY"):
            environ.pop(unwanted, None)
        ours = Starter("shop.lambda_function", environ, [world.folder, ROOT, packages])
        page = ours.start().page
        bare = make_bare_project(folder, page, world.folder / "zappa_settings.py")
        environ.pop("DJANGO_SETTINGS_MODULE")
        theirs = Starter("shop.zappa_handler", environ, [bare, ROOT, packages])
        assert json.loads(theirs.start().page) == json.loads(page)
        for each in (ours, theirs):
            each.start()  # the disk has all of it now
        yield ours, theirs


def make_bare_project(folder: Path, page: str, zappa_settings: Path) -> Path:
    """Its folder. Zappa's settings are the shop's, but for whose settings of Django they name."""
    bare = folder / "bare"
    bare.mkdir()
    command = [sys.executable, "-m", "django", "startproject", "bare", str(bare)]
    subprocess.run(command, check=True)
    with (bare / "bare" / "settings.py").open("a") as settings:
        settings.write(SETTINGS)
    (bare / "bare" / "urls.py").write_text(ADDRESSES)
    (bare / "bare" / "page.json").write_text(page)
    text = zappa_settings.read_text().replace("'shop.settings'", "'bare.settings'")
    (bare / "zappa_settings.py").write_text(text)
    return bare


def keep_secret(world: World) -> str:
    """The name of a secret key in the local AWS."""
    secrets = boto3.client(
        "secretsmanager",
        endpoint_url=world.aws.endpoint,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106  the local AWS takes any
    )
    with suppress(secrets.exceptions.ResourceExistsException):
        secrets.create_secret(Name=SECRET, SecretString="only-for-benchmarks-and-long-enough")
    return SECRET

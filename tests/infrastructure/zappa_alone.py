"""`zappa deploy dev` and nothing else: `make e2e`.

In an environment that has requirements.txt alone, on an AWS of its own in which nothing is, not
even the usual thousand function calls at once: a new account has ten.
"""

import json
import os
import pty
import re
import shlex
import subprocess
import urllib.error
import urllib.request
import venv
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from infrastructure.mappings import mappings_of
from infrastructure.resources import infrastructure
from infrastructure.rollback import KEY
from infrastructure.stages import Stage, load_stage
from infrastructure.targets import ROOT
from shop.localaws import LocalAWS
from shop.localaws.environment import aws_environment

PASSWORD = "a long enough one, typed"
SAMPLE = "HARB-MUG-RUST"


class NewAccount(LocalAWS):
    """As AWS opens one."""

    def server_environment(self) -> dict[str, str]:
        return super().server_environment() | {"LAMBDA_ACCOUNT_CONCURRENCY": "10"}


@pytest.fixture(scope="module", autouse=True)
def account() -> Iterator[None]:
    with NewAccount() as aws, pytest.MonkeyPatch.context() as patch:
        for name, value in aws_environment(aws.endpoint).items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def zappa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, after `pip install -r requirements.txt`."""
    folder = tmp_path_factory.mktemp("user") / ".venv"
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "-r", str(ROOT / "requirements.txt")], check=True)
    return folder / "bin" / "zappa"


def run(*command: str | Path, fails: bool = False) -> str:
    """What it said. Without an active environment, as after a first clone."""
    environ = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def deployed(zappa: Path) -> str:
    """What the deployment said."""
    return run(zappa, "deploy", "dev")


@pytest.fixture(scope="module")
def address(deployed: str) -> str:
    found = re.search(r"API +(\S+)/api/v1/\n", deployed)
    assert found, deployed
    return found[1]


@pytest.fixture(scope="module")
def stage(deployed: str) -> Stage:
    return load_stage("dev")


@pytest.fixture(scope="module")
def infra(zappa: Path) -> Callable[..., str]:
    """Our own commands, in the same environment."""

    def call(*arguments: str, fails: bool = False) -> str:
        return run(zappa.with_name("python"), "-m", "infrastructure", *arguments, fails=fails)

    return call


def test_a_small_account_is_enough(deployed: str, stage: Stage) -> None:
    assert (
        "This account runs 10 function calls at once, so the stage's 24 cannot be reserved: it "
        "reserves none, and its queues take at most orders 2, mail-events 2, catalog 2 at once."
    ) in deployed
    functions = stage.client("lambda")
    for name, queues in (("shop-dev", 2), ("shop-dev-jobs", 1)):
        reserved = functions.get_function_concurrency(FunctionName=name)
        assert "ReservedConcurrentExecutions" not in reserved
        limits = [each["ScalingConfig"] for each in mappings_of(functions, name)]
        assert limits == [{"MaximumConcurrency": 2}] * queues


def test_our_words_are_the_last(deployed: str, address: str) -> None:
    """After Zappa's, who knows the API by another address."""
    said = deployed.partition("Deployment complete!")[2]
    assert f"== The shop is live\n   Shop   {address}/\n   API    {address}/api/v1/\n" in said


def test_a_product_is_bought(stage: Stage, address: str, infra: Callable[..., str]) -> None:
    """And its mail is in the log: nobody had to give a sender."""
    infra("manage", "dev", "load_sample")
    assert "is confirmed" in infra("smoke", "dev", "--buy", SAMPLE)
    pages = stage.client("logs").get_paginator("filter_log_events")
    found = pages.paginate(logGroupName="/aws/lambda/shop-dev", filterPattern="Subject")
    subjects = [event["message"] for page in found for event in page["events"]]
    assert len(subjects) == 1
    assert re.search(r"Subject: Your order \S+ is confirmed", subjects[0])
    mails = f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages"
    assert json.loads(read(mails)[1]) == {"messages": {}}


def read(url: str) -> tuple[str, bytes]:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310  our own AWS
        return answer.headers["Content-Type"], answer.read()


def test_the_admin_looks_right(address: str) -> None:
    """Its styles and the pictures come from the same address: there is no CDN."""
    page = read(f"{address}/admin/login/")[1].decode()
    styles = re.findall(r'href="([^"]+\.css)"', page)
    assert styles[0] == f"{address}/static/admin/css/base.css"
    for style in styles:
        kind, text = read(style)
        assert (kind, len(text) > 0) == ("text/css", True)
    product = json.loads(read(f"{address}/api/v1/products/harbour-mug/")[1])
    picture = product["images"][0]["url"]
    assert picture.startswith(f"{address}/images/products/")
    kind, content = read(picture)
    assert (kind, content[:4]) == ("image/webp", b"RIFF")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        read(f"{address}/static/no-such.css")


def test_the_first_person_for_the_admin(zappa: Path, deployed: str, address: str) -> None:
    """By the command that was printed. The password is typed, and stands on no command line and
    in no log."""
    typed = iter([b"ada@example.org\n", f"{PASSWORD}\n".encode(), f"{PASSWORD}\n".encode()])
    said = b""

    def answer(fd: int) -> bytes:
        nonlocal said
        part = os.read(fd, 1024)
        said += part
        if part.rstrip().endswith(b":"):
            os.write(fd, next(typed))
        return part

    printed = re.search(r"The first person for the admin: (.+)\n", deployed)
    assert printed, deployed
    python, *rest = shlex.split(printed[1])
    assert Path(python).parent == zappa.parent
    assert pty.spawn([python, *rest, "--username", "ada"], answer) == 0, said
    assert b"Superuser created" in said and PASSWORD.encode() not in said
    assert sign_in(address, "ada", PASSWORD) == (302, 200)


def sign_in(address: str, name: str, password: str) -> tuple[int, int]:
    """The statuses of the form and of the page behind it, as a browser on HTTPS has them."""
    cookies = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies), StaysHere())
    browser.open(f"{address}/admin/login/", timeout=60).close()
    token = {cookie.name: cookie.value for cookie in cookies}["csrftoken"]
    form = {"username": name, "password": password, "csrfmiddlewaretoken": token}
    origin = os.environ["AWS_ENDPOINT_URL"]
    # The jar keeps secure cookies from plain HTTP.
    sent = {"Cookie": f"csrftoken={token}", "Origin": origin}
    request = urllib.request.Request(  # noqa: S310  our own AWS
        f"{address}/admin/login/", urlencode(form).encode(), sent
    )
    with browser.open(request, timeout=60) as answer:
        status = answer.status
        assert status == 302, answer.read().decode()
    session = {cookie.name: cookie.value for cookie in cookies}["sessionid"]
    request = urllib.request.Request(  # noqa: S310  the same
        f"{address}/admin/", headers={"Cookie": f"sessionid={session}"}
    )
    with browser.open(request, timeout=60) as page:
        return status, page.status


class StaysHere(urllib.request.HTTPErrorProcessor):
    """Follows no redirect, and takes every status as an answer."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response


def test_deployed_already(zappa: Path, deployed: str) -> None:
    assert "dev is deployed already: `zappa update dev`" in run(zappa, "deploy", "dev", fails=True)
    said = run(zappa, "update", "dev")
    assert "The shop is live" in said.partition("Your updated Zappa deployment is live!")[2]


def test_another_machine(zappa: Path, stage: Stage, infra: Callable[..., str]) -> None:
    """What a command needs to know lies with the stage. Rolling back itself is in
    `test_rollback.py`: the local AWS gives nobody the code of an earlier version."""
    stage.settings_file.unlink()
    assert "Scheduled shop-dev-shop.events.sweep_outbox" in run(zappa, "schedule", "dev")
    bucket = infrastructure(stage).outputs()["PackageBucketName"]
    left = stage.client("s3").get_object(Bucket=bucket, Key=KEY)["Body"].read()
    assert json.loads(left) == json.loads(stage.settings_file.read_bytes())
    said = infra("rollback", "dev", fails=True)
    assert "Lambda gave other code" in said or "keeps no code of shop-dev from before" in said


def test_undeploying(zappa: Path, stage: Stage, infra: Callable[..., str]) -> None:
    run(zappa, "undeploy", "dev", "--yes")
    assert stage.client("lambda").list_functions()["Functions"] == []
    infra("undeploy", "dev", "--delete-data", "shop-dev")
    assert stage.client("dynamodb").list_tables()["TableNames"] == []
    assert stage.client("s3").list_buckets()["Buckets"] == []

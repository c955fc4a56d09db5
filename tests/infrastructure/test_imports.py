"""What a process imports before its first answer: each package here costs every cold start."""

from pathlib import Path

import pytest

from infrastructure.targets import LOCK
from tests.aws_lambda.gateway import Request, rest_api_event
from tests.aws_lambda.starting import start

ANSWER = """
import json, sys
sys.modules |= dict.fromkeys(json.loads(sys.argv[2]))  # as if they were not installed
from shop.lambda_function import lambda_handler
answer = lambda_handler(json.loads(sys.argv[1]), None)
assert answer["statusCode"] == {status}, answer
"""
MODULES = "print(json.dumps(sorted(sys.modules)))"
FIRST_ANSWER = (
    ANSWER.format(status=200)
    + """
tops = {name.partition(".")[0] for name in sys.modules}
files = {top: getattr(sys.modules.get(top), "__file__", None) or "" for top in tops}
installed = {top for top, file in files.items() if "site-packages" in file}
print(json.dumps(sorted(installed - {"_distutils_hack"})))  # setuptools' own, in each process
"""
)

# Taking one out of here is a gain; putting one in is a decision. boto3 with its own was a tenth
# of a second (`make bench ARGS='--only start'`), and PIL a hundredth.
ALLOWED = {
    "apsw", "asgiref", "django", "drf_spectacular", "drf_spectacular_sidecar", "durationpy",
    "inflection", "markupsafe", "orjson", "rest_framework", "sqlparse", "storages", "uritemplate",
    "werkzeug", "yaml", "zappa",
}  # fmt: skip
# Parts of these, and of the shop, that come with the first request that wants them: a quarter of
# a bare project's start.
LATER = {
    "backoffice.addresses", "catalog.admin", "django.contrib.auth.admin", "django.test",
    "drf_spectacular.openapi", "rest_framework.test", "shop.api.documentation",
    "shop.api.token_views", "unittest",
}  # fmt: skip
# Others import these where they are. The package has none of them.
ABSENT = {"cryptography", "jinja2", "pygments", "requests"}

pytestmark = pytest.mark.django_db(transaction=True)


def imported(code: str, folder: Path, path: str = "/api/v1/products/") -> set[str]:
    event = rest_api_event(Request("GET", path))
    return set(start(code, folder, event, sorted(ABSENT)))


def test_what_the_first_answer_imports(tmp_path: Path) -> None:
    assert imported(FIRST_ANSWER, tmp_path) == ALLOWED


def test_the_guard_sees_another_package(tmp_path: Path) -> None:
    code = "import sortedcontainers\n" + FIRST_ANSWER
    assert imported(code, tmp_path) - ALLOWED == {"sortedcontainers"}


def test_what_comes_later(tmp_path: Path) -> None:
    assert imported(ANSWER.format(status=200) + MODULES, tmp_path) & LATER == set()


@pytest.mark.parametrize(
    ("path", "status", "wanted"),
    [
        ("/admin/", 302, {"backoffice.addresses", "catalog.admin", "django.contrib.auth.admin"}),
        ("/api/v1/schema/", 200, {"drf_spectacular.openapi", "shop.api.documentation"}),
        ("/api/v1/auth/token/", 405, {"shop.api.token_views"}),
    ],
)
def test_and_with_what(tmp_path: Path, path: str, status: int, wanted: set[str]) -> None:
    modules = imported(ANSWER.format(status=status) + MODULES, tmp_path, path)
    assert wanted - modules == set()


def test_what_is_absent_here_is_absent_there() -> None:
    packaged = {line.partition("==")[0].lower() for line in LOCK.read_text().splitlines()}
    assert "django" in packaged
    assert ABSENT & packaged == set()

"""What a process imports before its first answer: each package here costs every cold start."""

import json
import os
import subprocess
import sys

from infrastructure.targets import NAMES, ROOT

FIRST_ANSWER = """
import json, sys
from shop.wsgi import application
from django.test import Client
Client(raise_request_exception=False).get("/api/v1/products/")
tops = {name.partition(".")[0] for name in sys.modules}
files = {top: getattr(sys.modules.get(top), "__file__", None) or "" for top in tops}
print(json.dumps(sorted(top for top, file in files.items() if "site-packages" in file)))
"""


# boto3 and PIL are the dear ones: a tenth of a second each. Taking one out of here is a gain;
# putting one in is a decision.
ALLOWED = {
    "PIL", "apsw", "asgiref", "boto3", "botocore", "dateutil", "django", "drf_spectacular",
    "drf_spectacular_sidecar", "inflection", "jmespath", "orjson", "rest_framework",
    "rest_framework_simplejwt", "s3transfer", "six", "sqlparse", "storages",
    "typing_extensions", "uritemplate", "urllib3", "yaml",
}  # fmt: skip
# Django REST framework imports these where they are; the package has none of them.
DEVELOPMENT = {"_distutils_hack", "certifi", "charset_normalizer", "idna", "pygments", "requests"}


def imported(code: str) -> set[str]:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_what_the_first_answer_imports() -> None:
    assert imported(FIRST_ANSWER) - DEVELOPMENT == ALLOWED


def test_the_guard_sees_another_package() -> None:
    assert imported("import sortedcontainers\n" + FIRST_ANSWER) - DEVELOPMENT - ALLOWED == {
        "sortedcontainers",
    }


def test_development_packages_are_not_packaged() -> None:
    packaged = {line.strip().lower() for line in NAMES.read_text().splitlines()}
    assert {name.replace("_", "-") for name in DEVELOPMENT} & packaged == set()

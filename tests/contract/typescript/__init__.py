"""The compiler and the client library that a TypeScript program needs to use the API."""

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

from shop.localaws.install import LOCAL

SOURCE = Path(__file__).resolve().parent
FOLDER = LOCAL / "typescript"
PACKAGES = ("package.json", "package-lock.json")
TIMEOUT = 300  # seconds for npm
NEEDED = "Node.js 20 or later, with npm"


class TypeScriptMissing(Exception):
    """There is no compiler, and why."""


def is_installed() -> bool:
    """Whether FOLDER has what package-lock.json says."""
    stamp = FOLDER / "stamp"
    return stamp.exists() and stamp.read_text() == wanted()


def wanted() -> str:
    return hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in PACKAGES)).hexdigest()


def install() -> None:
    """Fetch the packages into FOLDER, unless they are there. Raises TypeScriptMissing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands may start at once
        if not is_installed():
            fetch_packages()
            (FOLDER / "stamp").write_text(wanted())


def fetch_packages() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise TypeScriptMissing(f"There is no npm. Install {NEEDED}.")
    for name in PACKAGES:
        shutil.copy(SOURCE / name, FOLDER)
    command = [npm, "ci", "--engine-strict", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise TypeScriptMissing(f"npm did not end within {TIMEOUT} seconds.") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()[-1000:]
        raise TypeScriptMissing(f"npm could not install the packages. It said:\n{said}") from error

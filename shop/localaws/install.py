"""The emulator's own virtual environment: it pins another botocore than the shop."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from shop.localaws.errors import LocalAWSError

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = ROOT / ".local"
REQUIREMENTS = ROOT / "requirements-localaws.txt"


def ministack_python(folder: Path = LOCAL / "aws-venv") -> str:
    """The interpreter that has ministack, installed into `folder` the first time.

    Installed anew when the requirements or the Python that made it changed. Raises
    `LocalAWSError` when that fails.
    """
    python, stamp = folder / "bin" / "python", folder / "stamp"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands may start at once
        if not stamp.exists() or stamp.read_text() != wanted:
            install(folder, python)
            stamp.write_text(wanted)
    return str(python)


def install(folder: Path, python: Path) -> None:
    print("Installing the local AWS (once, about half a minute) ...", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "-r", str(REQUIREMENTS)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LocalAWSError(
            f"pip could not install the local AWS into {folder}. Is there a network? "
            f"It said:\n{done.stderr.strip()[-2000:]}"
        )

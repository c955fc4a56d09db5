"""An environment of its own with the apps, in .local/thirdparty: the shop has none of them."""

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from shop.localaws.install import LOCAL, ROOT

FOLDER = LOCAL / "thirdparty"
REQUIREMENTS = ROOT / "requirements-thirdparty.txt"


class ThirdPartyError(Exception):
    """The run cannot take place; the message is for people."""


def python_with_apps() -> str:
    """The interpreter that has the apps; made anew when the requirements change."""
    return python_with(REQUIREMENTS, FOLDER / "venv")


def python_with(requirements: Path, folder: Path) -> str:
    """The interpreter of the environment in `folder`, made anew when the requirements, or the
    Python that makes it, change. Raises ThirdPartyError with what pip said."""
    python, stamp = folder / "bin" / "python", folder / "stamp"
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return str(python)
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*install, "-r", str(requirements)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip()[-2000:]
        raise ThirdPartyError(f"pip could not install {requirements.name}:\n{said}")
    stamp.write_text(wanted)
    return str(python)


def versions() -> dict[str, str]:
    """The pinned version by distribution."""
    lines = REQUIREMENTS.read_text().splitlines()
    return dict(line.split("==") for line in lines if "==" in line)

"""The browser that the storefront's tests drive: Debian's Chromium, or one that is there."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT = (
    ("apt-get", "update", "-q"),
    ("apt-get", "install", "-qy", "--no-install-recommends", "chromium"),
)
TIMEOUT = 600  # seconds for a command


class ChromiumMissing(Exception):
    """There is no browser, and why."""


def find() -> Path | None:
    found = filter(None, map(shutil.which, NAMES))
    return next(map(Path, found), None)


def install() -> None:
    """Fetch Debian's, unless one is there. Raises ChromiumMissing."""
    if find() is not None:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ChromiumMissing("Install Chromium: apt install chromium")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in APT:
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT, env=env)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            raise ChromiumMissing(f"`{' '.join(command)}` did not work: {error}") from error

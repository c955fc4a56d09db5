"""Where a package is to run, and the environment of the packages that it needs there."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infrastructure.errors import DeploymentError

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".local" / "deploy"
LOCK = Path(__file__).with_name("runtime.lock")  # made by `make lock`
# Amazon Linux 2023, Lambda's system from python3.12 on, has glibc 2.34.
LAMBDA_PLATFORMS = ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux2014_x86_64")


@dataclass(frozen=True)
class Target:
    """`runtime` in Lambda's words; `python`, the interpreter that compiles for it, empty if
    nothing does; `platforms` of its wheels, none for this very machine."""

    runtime: str
    python: str
    platforms: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        return self.runtime.removeprefix("python")


def local_target() -> Target:
    """This interpreter: the local AWS runs functions with it."""
    return Target(f"python{sys.version_info.major}.{sys.version_info.minor}", sys.executable)


def lambda_target(runtime: str, *, must_compile: bool = True) -> Target:
    """AWS. Raises DeploymentError unless an interpreter of that version is here, if it must."""
    try:
        python = find_interpreter(runtime)
    except DeploymentError:
        if must_compile or os.environ.get("SHOP_TARGET_PYTHON"):
            raise
        python = ""
    return Target(runtime, python, LAMBDA_PLATFORMS)


def find_interpreter(runtime: str) -> str:
    """The path of `runtime`: SHOP_TARGET_PYTHON where it is set, or the program of that name."""
    if named := os.environ.get("SHOP_TARGET_PYTHON"):
        return check_interpreter(named, runtime)
    for candidate in (sys.executable, shutil.which(runtime)):
        if candidate and version_of(candidate) == runtime:
            return candidate
    raise DeploymentError(
        f"The package is compiled by the Python that Lambda will run, {runtime}, which is not "
        f"here: install it, or name its path in SHOP_TARGET_PYTHON."
    )


def check_interpreter(named: str, runtime: str) -> str:
    """Its path again. Raises DeploymentError for another version, or what does not run."""
    found = version_of(named)
    if found != runtime:
        raise DeploymentError(
            f"SHOP_TARGET_PYTHON is the path of the Python that compiles the package: {runtime}, "
            f"which Lambda will run. {named} {f'is {found}' if found else 'does not run'}."
        )
    return named


def version_of(python: str) -> str | None:
    """`pythonX.Y`, or None if it does not run."""
    code = "import sys; print('python%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def runtime_environment(target: Target, folder: Path = WORK) -> Path:
    """A virtual environment, as far as Zappa can see, of the function's packages alone.

    Made the first time and whenever the requirements change. Raises DeploymentError when
    pip cannot: no network, or no wheel for the target.
    """
    place = folder / f"{target.runtime}-{'lambda' if target.platforms else 'local'}"
    stamp = place / "stamp"
    parts = (LOCK.read_bytes(), target.runtime.encode(), repr(target.platforms).encode())
    wanted = hashlib.sha256(b"\0".join(parts)).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(place, ignore_errors=True)
        # Zappa looks below the version of the Python that it runs on, whatever the target.
        running = f"python{sys.version_info.major}.{sys.version_info.minor}"
        install(target, place / "lib" / running / "site-packages")
        stamp.write_text(wanted)
    return place


def install(target: Target, site_packages: Path) -> None:
    """Only what has the hash that the lock names: whoever changes a file on the way stops it."""
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--no-compile", "--only-binary=:all:", "--target", str(site_packages)),
        *("--require-hashes", "--requirement", str(LOCK)),
    ]
    if target.platforms:
        short = target.version.replace(".", "")
        command += ["--python-version", target.version, "--implementation", "cp"]
        command += ["--abi", f"cp{short}", "--abi", "abi3", "--abi", "none"]
        for platform in target.platforms:
            command += ["--platform", platform]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeploymentError(
            f"pip could not install the function's packages for {target.runtime}. Is there a "
            f"network? It said:\n{done.stderr.strip()[-2000:]}"
        )

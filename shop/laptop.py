"""The environment of `make run`: what a deployment sets by hand, generated and kept."""

import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from shop.localaws.environment import without_aws

ADMIN, CUSTOMER = "admin", "customer"


def kept_secret(path: Path, length: int) -> str:
    """The secret in `path`, made there the first time, readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(length))
    return path.read_text()


def passwords(folder: Path) -> dict[str, str]:
    """The passwords of the people that `make run` makes, by user name."""
    return {name: kept_secret(folder / f"{name}-password", 12) for name in (ADMIN, CUSTOMER)}


def shop_environment(folder: Path, aws: Mapping[str, str]) -> dict[str, str]:
    """All that the shop's processes get: this process's own, less AWS, plus the laptop's."""
    return {
        **without_aws(os.environ),
        **settings_environment(folder),
        **aws,
    }


def settings_environment(folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SHOP_SECRET_KEY": kept_secret(folder / "secret-key", 50),
        "SHOP_DEBUG": "1",
        "SHOP_INSECURE_HTTP": "1",
        "SHOP_ALLOWED_HOSTS": "localhost,127.0.0.1",
    }


def write_environment(folder: Path, aws: Mapping[str, str]) -> Path:
    """A file for shells (`set -a; . .local/env`), so that manage.py finds the running shop."""
    path = folder / "env"
    path.unlink(missing_ok=True)
    variables = {**settings_environment(folder), **aws}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())
    return path

"""Zappa's own reading of `zappa_settings.json`."""

from pathlib import Path
from types import ModuleType

from zappa.cli import ZappaCLI

FILE = Path(__file__).parents[2] / "zappa_settings.json"


def load_stage(name: str) -> ZappaCLI:
    """The stage as `zappa deploy` sees it, without an AWS account."""
    cli = ZappaCLI()
    cli.api_stage, cli.load_credentials = name, False
    cli.load_settings(str(FILE))
    return cli


def packaged_settings(cli: ZappaCLI) -> ModuleType:
    """The module `zappa_settings` that `create_package` would put beside the handler."""
    module = ModuleType("zappa_settings")
    exec(cli.get_zappa_settings_string(), module.__dict__)  # noqa: S102 - it is what Lambda imports
    return module

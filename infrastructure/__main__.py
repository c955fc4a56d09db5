"""`python -m infrastructure COMMAND STAGE`; see docs/deployment.md."""

import argparse
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infrastructure.deployment import (
    deploy,
    manage_stage,
    package,
    rollback,
    smoke,
    undeploy,
)
from infrastructure.errors import DeploymentError
from infrastructure.targets import ROOT

COMMANDS = ("deploy", "undeploy", "rollback", "package", "smoke", "manage")


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        if options.command == "deploy":
            deploy(options.stage)
        elif options.command == "undeploy":
            undeploy(options.stage, delete_data=options.delete_data)
        elif options.command == "rollback":
            rollback(options.stage)
        elif options.command == "manage":
            manage_stage(options.stage, options.rest)
        elif options.command == "smoke":
            smoke(options.stage, sku=options.buy, method=options.method)
        else:
            package(options.stage, options.output or ROOT / "build" / f"shop-{options.stage}.zip")
    except DeploymentError as error:
        print(error.message, file=sys.stderr)  # noqa: T201  for the person at the terminal
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS refused: {error}", file=sys.stderr)  # noqa: T201  the same
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m infrastructure", description=__doc__)
    commands = made.add_subparsers(dest="command", required=True)
    of = {name: commands.add_parser(name) for name in COMMANDS}
    for each in of.values():
        each.add_argument("stage")
    of["undeploy"].add_argument(
        "--delete-data", default="", metavar="NAME", help="shop-STAGE: for ever"
    )
    of["smoke"].add_argument("--buy", default="", metavar="SKU", help="buy one piece")
    of["smoke"].add_argument("--method", default="", help="what pays, where money is taken")
    of["package"].add_argument("--output", type=Path, help="the file that is written")
    of["manage"].add_argument("rest", nargs=argparse.REMAINDER, help="of manage.py")
    return made


if __name__ == "__main__":
    sys.exit(main())

"""`python -m infrastructure deploy|undeploy|package|smoke STAGE`; see docs/deployment.md."""

import argparse
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infrastructure.deployment import deploy, package, smoke, undeploy
from infrastructure.errors import DeploymentError
from infrastructure.targets import ROOT


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        if options.command == "deploy":
            deploy(options.stage)
        elif options.command == "undeploy":
            undeploy(options.stage, delete_data=options.delete_data)
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
    made.add_argument("command", choices=("deploy", "undeploy", "package", "smoke"))
    made.add_argument("stage")
    made.add_argument("--delete-data", default="", metavar="NAME", help="shop-STAGE: for ever")
    made.add_argument("--buy", default="", metavar="SKU", help="of smoke: buy one piece")
    made.add_argument("--method", default="", help="of smoke: what pays, where money is taken")
    made.add_argument("--output", type=Path, help="of package: the file that is written")
    return made


if __name__ == "__main__":
    sys.exit(main())

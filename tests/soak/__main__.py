"""Half an hour of a shop: `python -m tests.soak --minutes 30`, which `make soak` calls."""

import argparse
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from shop.localaws import LocalAWS
from shop.localaws.environment import without_aws


def environment(stack: ExitStack) -> dict[str, str]:
    """A local AWS of its own; its tables are dynoxide's where that can be had."""
    from tests.dynamodb.servers import Unavailable, dynoxide

    aws = stack.enter_context(LocalAWS())
    variables = {
        **aws.environment(),
        "DJANGO_SETTINGS_MODULE": "tests.aws_lambda.deployed_settings",
        "SHOP_SECRET_KEY": "only-for-tests-and-long-enough-for-the-token-signature",
    }
    try:
        variables["AWS_ENDPOINT_URL_DYNAMODB"] = stack.enter_context(dynoxide())
    except Unavailable as reason:
        print(f"Tables on ministack: {reason}", file=sys.stderr)  # noqa: T201
    return variables


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--buyers", type=int, default=50)
    parser.add_argument("--processes", type=int, default=3, help="of the function (3)")
    parser.add_argument(
        "--pace", type=float, default=1.3, help="of people: 2 is half as fast (1.3)"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is ended
    with ExitStack() as stack:
        variables = without_aws(os.environ) | environment(stack)
        os.environ.clear()
        os.environ.update(variables)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        return soak(folder, options)


def soak(folder: Path, options: Any) -> int:
    import django

    django.setup()
    from tests.soak.run import Soak, report
    from tests.soak.stack import Stack

    run = Soak(
        Stack("soak", folder),
        seconds=options.minutes * 60,
        buyers=options.buyers,
        seed=options.seed,
        processes=options.processes,
        pace=options.pace,
    )
    run.run()
    print(report(run))  # noqa: T201
    return 1 if run.journal.faults else 0


if __name__ == "__main__":
    sys.exit(main())

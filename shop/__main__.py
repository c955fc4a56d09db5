"""`python -m shop`: the whole shop on a laptop, which is what `make run` calls."""

import argparse
import sys

from shop.launch import Launch
from shop.localaws import LocalAWSError

MOST = 65_535  # ports, says TCP


def port(text: str) -> int:
    """The number of a TCP port. Raises ArgumentTypeError, as argparse wants it, for others."""
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a port: choose one from 1 to {MOST}.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m shop", description=__doc__)
    parser.add_argument("--port", type=port, default=8000, help="of the shop (default 8000)")
    parser.add_argument("--no-sample", action="store_true", help="do not load the sample catalogue")
    options = parser.parse_args()
    try:
        return Launch(port=options.port, sample=not options.no_sample).run()
    except LocalAWSError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""`python -m shop.localaws`: the AWS of `make run` alone, for manage.py and experiments.

It keeps the same state, so only one of the two runs at a time.
"""

import argparse
import signal
import sys
import time

from shop.laptop import write_environment
from shop.localaws import LocalAWS, LocalAWSError
from shop.localaws.install import LOCAL
from shop.localaws.server import POLL


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m shop.localaws", description=__doc__)
    parser.add_argument("--port", type=int, help="a free one unless told")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with LocalAWS(LOCAL / "aws-state", options.port) as aws:
            print(f"Local AWS on {aws.endpoint}; Ctrl-C stops it and keeps its state.")
            print(f"set -a; . {write_environment(LOCAL, aws.environment())}; set +a", flush=True)
            while aws.running:
                time.sleep(POLL)
    except KeyboardInterrupt:
        return 0
    except LocalAWSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

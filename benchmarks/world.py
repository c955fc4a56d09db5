"""Where the measuring happens: a local AWS, a catalogue in it, and recorded answers."""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Self

from benchmarks.canned import CannedServer
from benchmarks.peers.peer import Peer
from limits.rates import DEFAULTS
from shop.localaws import LocalAWS
from shop.localaws.environment import aws_environment, without_aws
from tests.aws_lambda.stages import load_stage

ROOT = Path(__file__).resolve().parent.parent
STAGE = "production"


class World:
    """A context manager; `environment(server)` is what a measured process gets."""

    def __init__(self, *, products: int):
        self.products = products

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self.aws = stack.enter_context(LocalAWS())
            self.canned = stack.enter_context(CannedServer(self.aws.endpoint))
            stage = load_stage(STAGE)
            packaged = stage.get_zappa_settings_string()
            (self.folder / "zappa_settings.py").write_text(packaged)
            self.queue = stage.stage_config["events"][0]["event_source"]["arn"]
            self.product = self.load_catalogue()
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    @cached_property
    def peer(self) -> Peer:
        """The other shop with as many products, made when it is first asked for."""
        return self.stack.enter_context(Peer(self.folder, products=self.products))

    def load_catalogue(self) -> str:
        """The tables and the products; the id of one of them."""
        command = [sys.executable, "-m", "benchmarks.catalogue", str(self.products)]
        environ = self.base_environment(self.aws.endpoint)
        done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.split()[-1]

    def environment(self, server: str) -> dict[str, str]:
        """`server` is "canned", or else the local AWS."""
        endpoint = self.canned.endpoint if server == "canned" else self.aws.endpoint
        environ = self.base_environment(endpoint)
        return {**environ, "BENCH_PRODUCT": self.product, "BENCH_QUEUE_ARN": self.queue}

    def base_environment(self, endpoint: str) -> dict[str, str]:
        environ = shop_environment(endpoint)
        return {**environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(self.folder)))}


def shop_environment(endpoint: str) -> dict[str, str]:
    """What a process needs to be the shop on an AWS of ours."""
    return {
        **without_aws(os.environ),
        **aws_environment(endpoint),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SHOP_SECRET_KEY": "only-for-benchmarks-and-long-enough-for-a-signature",
        "SHOP_ALLOWED_HOSTS": ".amazonaws.com",
        "SHOP_TABLE_PREFIX": "bench-",
        # One buyer stands for all; the counters are asked all the same.
        "SHOP_LIMITS": ",".join(f"{name}=1000000/min" for name in DEFAULTS),
    }

"""Our storefront as a deployment with CloudFront has it: pages from files, the rest from a shop.

The shop is one of its own with the sample catalogue, its data in `.local/storefronts/shop`; or one
that runs already, whose environment is this process's (`set -a; . .local/env`).
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.storefronts.edge import Answer, files_in, serve
from shop.launch import Launch
from shop.localaws.install import LOCAL, ROOT
from shop.localaws.server import HOST, choose_port

FOLDER = LOCAL / "storefronts"
PATHS = {"home": "/", "category": "/categories/kitchen/", "product": "/products/harbour-mug/"}
IMAGES = "/images/"


class BehindEdge(Launch):
    """A shop that knows itself by the edge's address, as a stage does, and announces nothing."""

    def __init__(self, edge: str):
        super().__init__(port=choose_port(None), folder=FOLDER / "shop")
        self.edge = edge

    def prepare(self) -> None:
        self.bucket = self.env["SHOP_IMAGE_BASE_URL"]
        self.env |= {
            "SHOP_PUBLIC_URL": self.edge,
            "SHOP_IMAGE_BASE_URL": self.edge + IMAGES,
            "SHOP_LOG_LEVEL": "WARNING",
        }
        super().prepare()

    def announce(self) -> None:
        """Nobody is to use it."""


@contextmanager
def our_site(shop: str | None) -> Iterator[str]:
    """Where it is found. `shop` is the address of one that runs already."""
    with ExitStack() as running:
        port = choose_port(None)
        if shop is None:
            launch = BehindEdge(f"http://localhost:{port}")
            launch.folder.mkdir(parents=True, exist_ok=True)
            launch.start(running)
            files = rendered(launch.env)
            origins = {IMAGES: launch.bucket, "/": f"http://{HOST}:{launch.port}/"}
        else:
            files, origins = rendered(os.environ), {"/": f"{shop.rstrip('/')}/"}
        yield running.enter_context(serve(files, origins, port))


def rendered(environment: Mapping[str, str]) -> dict[str, Answer]:
    """All pages, of the shop that the environment leads to."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "manage.py", "render_storefront", "--to", folder]
        subprocess.run(command, check=True, cwd=ROOT, env=environment)
        return files_in(Path(folder))

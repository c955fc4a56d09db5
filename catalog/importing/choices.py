"""What whoever imports a file decides."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Choices:
    """`category` is the slug of where products go that name no category the shop has.

    `images` is the folder of the pictures, `encoding` the file's unless it is to be found out,
    `start_line` where to begin: what stands above was imported before.
    """

    dry_run: bool = False
    images: Path | None = None
    encoding: str = ""
    start_line: int = 1
    category: str = ""
    make_categories: bool = False
    make_skus: bool = False

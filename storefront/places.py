"""Where the storefront's files are kept: a folder, or a bucket of S3."""

import hashlib
import uuid
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.conf import settings

A_MINUTE = "public, max-age=60"
#: What the file of a page that ends in a slash is called in a folder.
INDEX = "index.html"
MOST_DELETED = 1000  # by S3 in one call
#: Its content differs with each change of the catalogue.
MARK = "changed"


class File(NamedTuple):
    """A file of the site by its key, which is its path."""

    key: str
    content: bytes
    kind: str
    caching: str = A_MINUTE

    @property
    def digest(self) -> str:
        """MD5, as S3 names the content of an object."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


class Place(Protocol):
    """Where files are kept by key."""

    def known(self) -> dict[str, str]:
        """The digests of what is there."""

    def write(self, file: File) -> None: ...

    def remove(self, keys: list[str]) -> None:
        """Also of what is not there."""

    def mark(self) -> str:
        """Differs from the one before, if `leave_mark` was called since."""


class Folder:
    """A folder on this machine: a page that ends in a slash is the index.html below it."""

    def __init__(self, root: Path):
        self.root = root

    def path(self, key: str) -> Path:
        return self.root / (f"{key}{INDEX}" if key.endswith("/") else key)

    def known(self) -> dict[str, str]:
        found = (path for path in self.root.rglob("*") if path.is_file())
        return {self.key(path): File("", path.read_bytes(), "").digest for path in found}

    def key(self, path: Path) -> str:
        name = path.relative_to(self.root).as_posix()
        return name if name == INDEX else name.removesuffix(INDEX)

    def write(self, file: File) -> None:
        path = self.path(file.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)

    def remove(self, keys: list[str]) -> None:
        for key in keys:
            self.path(key).unlink(missing_ok=True)

    def mark(self) -> str:
        return ""  # nobody removes pages of a folder but who renders it


class Bucket:
    """A bucket of S3."""

    def __init__(self, name: str):
        self.name = name

    @cached_property
    def s3(self) -> Any:
        import boto3  # with the first use: it takes a tenth of a second

        return boto3.client("s3", region_name=settings.AWS_REGION)

    def known(self) -> dict[str, str]:
        pages: Any = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return {
            each["Key"]: each["ETag"].strip('"')
            for page in pages
            for each in page.get("Contents", ())
        }

    def leave_mark(self) -> None:
        """Before pages go that are old now: a rendering that had read what they were made of,
        and puts one back afterwards, sees the mark and renders again."""
        self.s3.put_object(Bucket=self.name, Key=MARK, Body=uuid.uuid4().hex.encode())

    def mark(self) -> str:
        try:
            return str(self.s3.head_object(Bucket=self.name, Key=MARK)["ETag"])
        except self.s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "404":
                raise
            return ""

    def write(self, file: File) -> None:
        self.s3.put_object(
            Bucket=self.name,
            Key=file.key,
            Body=file.content,
            ContentType=file.kind,
            CacheControl=file.caching,
        )

    def remove(self, keys: list[str]) -> None:
        for start in range(0, len(keys), MOST_DELETED):
            objects = [{"Key": key} for key in keys[start : start + MOST_DELETED]]
            done = self.s3.delete_objects(
                Bucket=self.name, Delete={"Objects": objects, "Quiet": True}
            )
            if errors := done.get("Errors"):
                raise OSError(f"S3 did not delete {len(errors)} of {len(objects)}: {errors[0]}")

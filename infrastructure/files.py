"""The static files of the admin and the API's pages, on S3."""

import mimetypes
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

AT_ONCE = 16  # uploads
# Their names stay when their contents change: an hour, then browsers ask again.
CACHE = "public, max-age=3600"
FALLBACK = "application/octet-stream"


def upload(s3: Any, bucket: str, folder: Path, prefix: str) -> int:
    """Each file below `folder` as `prefix` and its relative path; how many."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())

    def send(path: Path) -> None:
        s3.put_object(
            Bucket=bucket,
            Key=prefix + path.relative_to(folder).as_posix(),
            Body=path.read_bytes(),
            ContentType=mimetypes.guess_type(path.name)[0] or FALLBACK,
            CacheControl=CACHE,
        )

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(send, files):
            pass
    return len(files)


def remove(s3: Any, bucket: str) -> None:
    """A bucket with all that is in it, old versions too; nothing if it is not there."""
    try:
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
        for page in pages:
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            if objects:
                s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
        s3.delete_bucket(Bucket=bucket)
    except s3.exceptions.NoSuchBucket:
        return

"""Back to earlier code, from whichever machine: what Zappa needs for it lies with the stage."""

import base64
import hashlib
import io
import json
import urllib.request
import zipfile
from typing import Any

from infrastructure.commands import say
from infrastructure.errors import DeploymentError
from infrastructure.settings import filled
from infrastructure.snapshots import ALIAS
from infrastructure.stages import Stage

LATEST = "$LATEST"
KEY = "settings/zappa.json"  # in the bucket of packages, out of reach of its expiry


def leave_settings(stage: Stage, outputs: dict[str, str]) -> None:
    """Those that Zappa was last run with, from this machine's file. They hold no secret."""
    stage.client("s3").put_object(
        Bucket=outputs["PackageBucketName"],
        Key=KEY,
        Body=stage.settings_file.read_bytes(),
        ContentType="application/json",
    )


def left_settings(stage: Stage, outputs: dict[str, str]) -> dict[str, Any]:
    """Those of the last deployment, whoever made it; of one that left none, filled in anew."""
    s3 = stage.client("s3")
    try:
        found = s3.get_object(Bucket=outputs["PackageBucketName"], Key=KEY)
    except s3.exceptions.NoSuchKey:
        return filled(stage, outputs, api="")
    settings: dict[str, Any] = json.load(found["Body"])
    return settings


def previous_version(lambdas: Any, name: str) -> str:
    """The newest version before what is live, of other code; again, of the one before that.

    A deployment publishes one, with snapshots two or three, all of the same code, and what was
    put back is published anew: so what is live counts from where its code came first. Raises
    DeploymentError if nothing is before it.
    """
    pages = lambdas.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    codes = {
        int(each["Version"]): each["CodeSha256"]
        for page in pages
        for each in page["Versions"]
        if each["Version"] != LATEST
    }
    live = codes[max(codes)]
    first = min(version for version, code in codes.items() if code == live)
    before = [version for version in codes if version < first]
    if not before:
        raise DeploymentError(
            f"Lambda keeps no code of {name} from before what is live: deploy an earlier commit."
        )
    return str(max(before))


def package_at(lambdas: Any, name: str, version: str) -> bytes:
    """The package of a function's version. Raises DeploymentError if Lambda gives another, as the
    local AWS does, whose link is to the newest."""
    found = lambdas.get_function(FunctionName=name, Qualifier=version)
    link = found["Code"]["Location"]
    with urllib.request.urlopen(link, timeout=60) as answer:  # noqa: S310  a link of Lambda's
        package: bytes = answer.read()
    if hash_of(package) != found["Configuration"]["CodeSha256"]:
        raise DeploymentError(
            f"Lambda gave other code than that of version {version}: nothing was changed. Deploy "
            "an earlier commit."
        )
    return package


def put_back_both(lambdas: Any, stage: Stage, package: bytes, *, snap_start: bool) -> None:
    """An earlier package for the second function, then for the first, whose live code tells what
    is before it: whoever was interrupted between the two gets the same one again."""
    if has_module(package, stage.zappa_jobs["lambda_handler"]):
        put_back(lambdas, stage.jobs_function, package)
    else:
        say(f"{stage.jobs_function} keeps its code: the code before had no second function")
    put_back(lambdas, stage.function, package, snap_start=snap_start)


def put_back(lambdas: Any, name: str, package: bytes, *, snap_start: bool = False) -> None:
    """An earlier package as the newest version, live; settings stay as they are.

    What `zappa rollback` does; but that counts versions.
    """
    made = lambdas.update_function_code(FunctionName=name, ZipFile=package, Publish=True)
    lambdas.get_waiter("function_updated_v2").wait(FunctionName=name)
    if snap_start:
        published = {"FunctionName": name, "Qualifier": made["Version"]}
        lambdas.get_waiter("published_version_active").wait(**published)
        lambdas.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=made["Version"])


def has_module(package: bytes, handler: str) -> bool:
    """Whether there is in a package what Lambda is to start, as in `lambda_handler`."""
    module = handler.rpartition(".")[0].replace(".", "/")
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return f"{module}.py" in archive.namelist()


def hash_of(package: bytes) -> str:
    """As Lambda writes it: SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(package).digest()).decode()

"""Back to earlier code, from whichever machine: what Zappa needs for it lies with the stage."""

import json
import urllib.request
from typing import Any

from infrastructure.errors import DeploymentError
from infrastructure.snapshots import ALIAS
from infrastructure.stages import Stage, filled

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
        return filled(stage, outputs, api="", first=False)
    settings: dict[str, Any] = json.load(found["Body"])[stage.name]
    return settings


def previous_version(lambdas: Any, name: str) -> str:
    """The newest version whose code is another than the last one's.

    A deployment publishes one, with snapshots two or three, all of the same code: so the one
    before may well be no step back at all. Raises DeploymentError if there is no other.
    """
    pages = lambdas.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    codes = {
        each["Version"]: each["CodeSha256"]
        for page in pages
        for each in page["Versions"]
        if each["Version"] != LATEST
    }
    newest_first = sorted(codes, key=int, reverse=True)
    for version in newest_first:
        if codes[version] != codes[newest_first[0]]:
            return version
    raise DeploymentError(
        f"Lambda keeps no other code of {name} than what is live: deploy an earlier commit."
    )


def put_back(lambdas: Any, name: str, version: str, *, snap_start: bool) -> None:
    """The code of a version as the newest one, live; settings stay as they are.

    What `zappa rollback` does; but that counts versions, and takes the local AWS for AWS.
    """
    code = lambdas.get_function(FunctionName=name, Qualifier=version)["Code"]["Location"]
    with urllib.request.urlopen(code, timeout=60) as answer:  # noqa: S310  a link of Lambda's
        package = answer.read()
    made = lambdas.update_function_code(FunctionName=name, ZipFile=package, Publish=True)
    lambdas.get_waiter("function_updated_v2").wait(FunctionName=name)
    if snap_start:
        published = {"FunctionName": name, "Qualifier": made["Version"]}
        lambdas.get_waiter("published_version_active").wait(**published)
        lambdas.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=made["Version"])

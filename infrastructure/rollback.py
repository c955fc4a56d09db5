"""Back to earlier code, from whichever machine: what Zappa needs for it lies with the stage."""

import json
from typing import Any

from infrastructure.errors import DeploymentError
from infrastructure.stages import Stage, filled

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


def steps_back(lambdas: Any, name: str) -> int:
    """How many versions, in Zappa's count, to the newest whose code is another than the last's.

    A deployment publishes one, with snapshots two or three, all of the same code: so the one
    before may well be no step at all. Raises DeploymentError if there is no other.
    """
    pages = lambdas.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    versions = [each for page in pages for each in page["Versions"]]
    numbered = {
        int(each["Version"]): each["CodeSha256"]
        for each in versions
        if each["Version"] != "$LATEST"
    }
    codes = [numbered[number] for number in sorted(numbered, reverse=True)]
    for steps, code in enumerate(codes):
        if code != codes[0]:
            return steps
    raise DeploymentError(
        f"Lambda keeps no other code of {name} than what is live: deploy an earlier commit."
    )

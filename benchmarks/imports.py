"""What it costs a new process to be able to speak to DynamoDB."""

import os
import subprocess
import sys

REGION = "eu-central-1"

ENGINE = (
    "import dynamodb.base; from dynamodb.client.choosing import client_for; "
    "from dynamodb.client.signing import endpoint_of; "
    f"client_for('{REGION}', endpoint_of('{REGION}'))"
)
# No endpoint is set: both clients are made for AWS itself, TLS included; neither connects.
SIDES = {
    "boto3": ("", f"import boto3; boto3.client('dynamodb', region_name='{REGION}')"),
    "django_engine": (
        "",
        ENGINE,
    ),
    "engine": (
        "import django.db.models, django.db.backends.sqlite3.base",
        ENGINE,
    ),
}
PROGRAM = """
import time
{before}
started = time.process_time()
{measured}
print(1000 * (time.process_time() - started))
"""


def measure_import(side: str) -> float:
    """Milliseconds of CPU in a fresh process, the interpreter's own start apart."""
    before, measured = SIDES[side]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environ |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    command = [sys.executable, "-c", PROGRAM.format(before=before, measured=measured)]
    done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
    return float(done.stdout)

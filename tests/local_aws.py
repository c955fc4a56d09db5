"""The local AWS of a test run: one, empty, for all its processes."""

import atexit
import os

from limits.rates import DEFAULTS
from shop.localaws import LocalAWS
from shop.localaws.environment import aws_environment, without_aws

# Set by the process that started the AWS, for the xdist workers that it starts.
ENDPOINT = "SHOP_TEST_ENDPOINT"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def prepare_environment() -> None:
    """Set what the settings read; start an AWS unless this run has one.

    Each xdist worker has tables, queues and a bucket of its own.
    """
    if ENDPOINT not in os.environ:
        aws = LocalAWS().start()
        atexit.register(aws.stop)
        os.environ[ENDPOINT] = aws.endpoint
    endpoint, bucket = os.environ[ENDPOINT], f"test-{WORKER}-images"
    environ = without_aws(os.environ) | aws_environment(endpoint)
    os.environ.clear()
    os.environ.update(environ)
    os.environ.update(
        SHOP_SECRET_KEY="only-for-tests-and-long-enough-for-the-token-signature",
        SHOP_ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
        SHOP_INSECURE_HTTP="1",
        SHOP_TABLE_PREFIX=f"test-{WORKER}-",
        SHOP_ORDER_QUEUE=f"test-{WORKER}-orders",
        SHOP_CATALOG_QUEUE=f"test-{WORKER}-catalog",
        SHOP_MAIL_EVENT_QUEUE=f"test-{WORKER}-mail-events",
        SHOP_IMAGE_BUCKET=bucket,
        SHOP_IMAGE_BASE_URL=f"{endpoint}/{bucket}/",
        # The limits have tests of their own; elsewhere they would only be in the way.
        SHOP_LIMITS=",".join(f"{name}=1000000/min" for name in DEFAULTS),
    )

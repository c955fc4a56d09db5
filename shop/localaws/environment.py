"""What a process must find in its environment to use the local AWS, and no other."""

from collections.abc import Mapping

REGION = "eu-central-1"
BUCKET = "shop-images"


def aws_environment(endpoint: str) -> dict[str, str]:
    """The AWS variables that lead every client to `endpoint`, with made-up credentials."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        # A profile or an endpoint in the user's own files must not lead elsewhere.
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }


def without_aws(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` less everything that names an AWS account, a region or an endpoint."""
    return {name: value for name, value in environ.items() if not name.startswith("AWS_")}

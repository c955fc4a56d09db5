"""The secret key, out of the environment or out of AWS by its name."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

PARAMETERS = ("/", "arn:aws:ssm:")


def read_secret_key(environ: Mapping[str, str], region: str) -> str:
    """SHOP_SECRET_KEY, or else what AWS holds under SHOP_SECRET_KEY_NAME.

    Raises ImproperlyConfigured, with what to do, if there is neither.
    """
    if key := environ.get("SHOP_SECRET_KEY"):
        return key
    if name := environ.get("SHOP_SECRET_KEY_NAME"):
        return read_secret(name, region)
    raise ImproperlyConfigured(
        "Set the environment variable SHOP_SECRET_KEY, or SHOP_SECRET_KEY_NAME (see "
        "docs/settings.md), or use `make run`, which sets everything for a laptop."
    )


def read_secret(name: str, region: str) -> str:
    """The text of a parameter if `name` begins with a slash or is one's ARN, else of a secret.

    A parameter is of Systems Manager's Parameter Store, a secret of Secrets Manager.
    Raises ImproperlyConfigured if AWS does not give it.
    """
    import boto3  # takes a tenth of a second, and a key in the environment needs none of it
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        if name.startswith(PARAMETERS):
            parameters = boto3.client("ssm", region_name=region)
            answer = parameters.get_parameter(Name=name, WithDecryption=True)
            return str(answer["Parameter"]["Value"])
        secrets = boto3.client("secretsmanager", region_name=region)
        return str(secrets.get_secret_value(SecretId=name)["SecretString"])
    except (BotoCoreError, ClientError) as error:
        raise ImproperlyConfigured(
            f"SHOP_SECRET_KEY_NAME is {name}, and AWS does not give it: {error}. Make it in "
            f"{region}, and allow the function's role to read it."
        ) from error

"""The secret key, out of the environment or out of AWS by its name."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

from dynamodb.client.refusals import ServiceError
from dynamodb.client.services import Api
from dynamodb.client.signing import Service

PARAMETERS = ("/", "arn:aws:ssm:")
PARAMETER_STORE = Service("ssm", "SSM", "AmazonSSM", "1.1")
SECRETS_MANAGER = Service("secretsmanager", "SECRETS_MANAGER", "secretsmanager", "1.1")


def read_secret_keys(environ: Mapping[str, str], region: str) -> list[str]:
    """SHOP_SECRET_KEY, or else what AWS holds under SHOP_SECRET_KEY_NAME: a key a line.

    The first signs; the others are earlier ones that are still accepted.
    Raises ImproperlyConfigured, with what to do, if there is neither.
    """
    if key := environ.get("SHOP_SECRET_KEY"):
        return [key]
    if name := environ.get("SHOP_SECRET_KEY_NAME"):
        lines = (line.strip() for line in read_secret(name, region).splitlines())
        if keys := [line for line in lines if line]:
            return keys
        raise ImproperlyConfigured(f"{name} holds no key: put one in, a line each.")
    raise ImproperlyConfigured(
        "Set the environment variable SHOP_SECRET_KEY, or SHOP_SECRET_KEY_NAME (see "
        "docs/settings.md), or use `make run`, which sets everything for a laptop."
    )


def read_secret(name: str, region: str) -> str:
    """The text of a parameter if `name` begins with a slash or is one's ARN, else of a secret.

    A parameter is of Systems Manager's Parameter Store, a secret of Secrets Manager.
    Raises ImproperlyConfigured if AWS does not give it.
    """
    is_parameter = name.startswith(PARAMETERS)
    service = PARAMETER_STORE if is_parameter else SECRETS_MANAGER
    try:
        api = Api(service, region=region, timeout=2, attempts=2)  # INIT has 10 s in all
        if is_parameter:
            answer = api.call("GetParameter", {"Name": name, "WithDecryption": True})
            return str(answer["Parameter"]["Value"])
        return str(api.call("GetSecretValue", {"SecretId": name})["SecretString"])
    except (ServiceError, OperationalError) as error:
        raise ImproperlyConfigured(
            f"SHOP_SECRET_KEY_NAME is {name}, and AWS does not give it: {error}. Make it in "
            f"{region}, and allow the function's role to read it."
        ) from error

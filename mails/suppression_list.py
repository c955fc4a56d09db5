"""SES's own list of addresses that it sends nothing to, the account's.

An address that is lifted here and not there would bounce again, without being tried.
"""

from django.conf import settings


class NotForgotten(Exception):
    """SES did not take the address from its list; the text says why."""


def forget_address(address: str) -> None:
    """Take it from the list, if it is there. Raises NotForgotten."""
    import boto3  # slow to import, and the admin's lists are imported by every process
    from botocore.exceptions import BotoCoreError, ClientError

    ses = boto3.client("sesv2", region_name=settings.AWS_REGION)
    try:
        ses.delete_suppressed_destination(EmailAddress=address)
    except ses.exceptions.NotFoundException:
        return
    except (BotoCoreError, ClientError) as error:
        raise NotForgotten(str(error)) from error

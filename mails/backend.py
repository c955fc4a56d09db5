"""Mail through SES that gives up in time, and says when it is for good."""

from collections.abc import Sequence
from typing import Any, ClassVar

from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.mail import EmailMessage
from django_ses import SESBackend

from mails.addresses import envelope_form, header_form
from mails.errors import Undeliverable

# Two tries, with botocore's pause between them, end within `mails.services.LONGEST`.
PATIENCE = {"connect_timeout": 2, "read_timeout": 5, "retries": {"total_max_attempts": 2}}
# Of this mail and this recipient; https://docs.aws.amazon.com/ses/latest/APIReference/CommonErrors.html
FINAL = {"MessageRejected", "InvalidParameterValue", "ValidationError"}
# MessageRejected too, but of the account: when a person has mended that, the mail can go.
OF_THE_ACCOUNT = ("not verified", "suspended", "paused")


class PromptSESBackend(SESBackend):
    """django-ses with short timeouts, and one client for all mails of a process.

    Making a client took two thirds of an order's CPU. Imported with the first mail, for
    botocore is slow to.
    """

    client: ClassVar[Any] = None
    connection: Any

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"aws_config": Config(**PATIENCE), **kwargs})

    def open(self) -> bool:
        """Whether the caller has to close it: never."""
        if PromptSESBackend.client is None:
            super().open()
            PromptSESBackend.client = self.connection
        self.connection = PromptSESBackend.client
        return False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raises Undeliverable for a mail that SES will never take, WrongMailAddress for one that
        it cannot be given, ClientError for others."""
        for message in email_messages:
            write_in_ascii(message)
        try:
            return super().send_messages(email_messages) or 0
        except ClientError as refusal:
            if is_final(refusal):
                raise Undeliverable(
                    f"SES refused it: {refusal.response['Error']['Message']}"
                ) from refusal
            raise

    def _get_v1_parameters(self, message: EmailMessage, source: str | None) -> dict[str, Any]:
        """The envelope: addresses alone, since SES takes no names beyond ASCII there."""
        return {
            **super()._get_v1_parameters(message, source),
            "Source": envelope_form(source or message.from_email),
            "Destinations": [envelope_form(each) for each in message.recipients()],
        }


def write_in_ascii(message: EmailMessage) -> None:
    """Its addresses as SES takes them. Raises WrongMailAddress."""
    message.from_email = header_form(message.from_email)
    for field in ("to", "cc", "bcc", "reply_to"):
        setattr(message, field, [header_form(each) for each in getattr(message, field)])


def is_final(refusal: ClientError) -> bool:
    """Whether the same mail would be refused again. Throttling, a paused account, and what the
    shop's own settings are to blame for are not final."""
    error = refusal.response["Error"]
    if error["Code"] not in FINAL:
        return False
    return not any(sign in error["Message"] for sign in OF_THE_ACCOUNT)

"""Mail through SES that gives up in time, and says when it is for good."""

from collections.abc import Sequence
from typing import Any, ClassVar

from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings
from django.core.mail import EmailMessage
from django_ses import SESBackend

from mails.addresses import envelope_form, header_form
from mails.errors import Undeliverable
from mails.ses import SESClient

# Of boto3's client: two tries, with its pause between them, end within `mails.services.LONGEST`.
PATIENCE = {"connect_timeout": 2, "read_timeout": 5, "retries": {"total_max_attempts": 2}}
# Of this mail and this recipient; https://docs.aws.amazon.com/ses/latest/APIReference/CommonErrors.html
FINAL = {"MessageRejected", "InvalidParameterValue", "ValidationError"}
# MessageRejected too, but of the account: when a person has mended that, the mail can go.
OF_THE_ACCOUNT = ("not verified", "suspended", "paused")


class PromptSESBackend(SESBackend):
    """django-ses with short timeouts, and one client for all mails of a process: the shop's own,
    unless a setting of django-ses asks for what only boto3's can do, or SES_CLIENT says "boto3".

    Making a client of boto3's took two thirds of an order's CPU, using it a third of the rest.
    Imported with the first mail, for botocore is slow to.
    """

    client: ClassVar[Any] = None
    connection: Any
    _config: Config | None

    def open(self) -> bool:
        """Whether the caller has to close it: never."""
        if PromptSESBackend.client is None:
            if self.needs_boto3:
                if self._config is None:
                    self._config = Config(**PATIENCE)
                super().open()
            else:
                self.connection = SESClient(
                    region=self._region_name, endpoint=self._endpoint_url or None
                )
            PromptSESBackend.client = self.connection
        self.connection = PromptSESBackend.client
        return False

    @property
    def needs_boto3(self) -> bool:
        """Credentials of its own, the second API, or a configuration that somebody has made."""
        its_own = self._session_profile, self._access_key_id, self._access_key
        return (
            settings.SES_CLIENT == "boto3"
            or any(its_own)
            or self._use_ses_v2
            or self._config is not None
        )

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

from django.apps import AppConfig


class MailsConfig(AppConfig):
    name = "mails"

    def ready(self) -> None:
        from mails import checks  # noqa: F401  registers them

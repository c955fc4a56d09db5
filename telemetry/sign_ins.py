"""Sign-ins that fail, and those that are refused untried: who guesses passwords shows here."""

from typing import Any

from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver

from telemetry.metrics import Metric, add

# Where one signs in: the admin, the browsable API, and tokens.
ROUTES = {"admin/login/", "api-auth/login/", "api/v1/auth/token/"}
TOO_MANY = 429


@receiver(user_login_failed)
def count_failure(**about: Any) -> None:
    """At once, not at a commit: the request that guessed wrong is rolled back."""
    add(Metric.SIGN_IN_FAILURES, 1)


def count_blocked(route: str, status: int) -> None:
    if status == TOO_MANY and route in ROUTES:
        add(Metric.SIGN_INS_BLOCKED, 1)

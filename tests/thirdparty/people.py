"""Who uses an app."""

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

PASSWORD = "correct horse battery staple"


def user(name: str, **more: Any) -> Any:
    """Somebody, made the first time."""
    people = get_user_model()._default_manager
    found = people.filter(username=name).first()
    make: Any = people.create_user
    return found or make(name, f"{name}@example.com", PASSWORD, **more)


def superuser() -> Client:
    """Signed in to the admin."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user("root", is_staff=True, is_superuser=True))
    return client

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Models that exist to try the engine with."""

    name = "tests.dynamodb.app"
    label = "engine"
    default_auto_field = "django.db.models.BigAutoField"

"""The engine as an app: migrations start from the state they have reached."""

from django.apps import AppConfig
from django.apps.registry import Apps
from django.core.cache import caches
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate, pre_migrate

from dynamodb.dividing import divide_statements


class DynamoDBConfig(AppConfig):
    name = "dynamodb"
    verbose_name = "DynamoDB"

    def ready(self) -> None:
        divide_statements()
        pre_migrate.connect(show_state, dispatch_uid="dynamodb.show_state")
        post_migrate.connect(show_models, dispatch_uid="dynamodb.show_models")
        post_migrate.connect(create_cache_tables, sender=self)
        post_migrate.connect(set_configured_ttl, sender=self)


def show_state(using: str, apps: Apps, **kwargs: object) -> None:
    """Before migrations run, SQL sees the tables as the applied ones left them.

    Apps without migrations are as today's models say: Django's state has them too, but
    without their relations.
    """
    from django.db.migrations.recorder import MigrationRecorder

    connection = connections[using]
    if hasattr(connection, "registry"):
        bare = {(state.app_label, state.name_lower) for state in getattr(apps, "real_models", ())}
        models = [
            model
            for model in apps.get_models(include_auto_created=True)
            if (model._meta.app_label, model._meta.model_name) not in bare
        ]
        connection.registry.show(connection, [*models, MigrationRecorder.Migration])


def create_cache_tables(using: str = DEFAULT_DB_ALIAS, **kwargs: object) -> None:
    """The tables of the caches that live in this database."""
    from dynamodb.cache import DynamoDBCache

    for cache in caches.all(initialized_only=False):
        if isinstance(cache, DynamoDBCache) and cache.alias == using:
            cache.create_table()


def set_configured_ttl(using: str = DEFAULT_DB_ALIAS, **kwargs: object) -> None:
    """Time-to-live of tables that were there before OPTIONS["ttl"] named them."""
    connection = connections[using]
    if hasattr(connection, "registry") and hasattr(connection, "control"):
        for name in connection.settings_dict["OPTIONS"].get("ttl", {}):
            table = connection.registry.tables.get(name)
            if table is not None and connection.control.describe(table.name) is not None:
                connection.control.set_ttl(table)


def show_models(using: str = DEFAULT_DB_ALIAS, **kwargs: object) -> None:
    """Afterwards, as today's models say."""
    from dynamodb.tables.registry import current_models

    connection = connections[using]
    if hasattr(connection, "registry"):
        connection.registry.show(connection, current_models())

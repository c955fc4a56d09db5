from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        from catalog.roles import create_catalog_managers

        post_migrate.connect(create_catalog_managers, sender=self)

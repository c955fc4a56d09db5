from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from customers.roles import create_customer_service

        post_migrate.connect(create_customer_service, sender=self)

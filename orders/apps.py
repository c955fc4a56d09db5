from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from orders.roles import create_order_clerks

        post_migrate.connect(create_order_clerks, sender=self)

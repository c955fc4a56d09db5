"""django-oscar: a whole shop, from its catalogue to an order's shipment, and its dashboard."""

from tests.thirdparty.with_oscar import catalogue, dashboard, selling

__all__ = ["catalogue", "dashboard", "selling"]

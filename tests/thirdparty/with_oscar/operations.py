"""django-oscar: a whole shop, from its catalogue to an order's shipment, and its dashboard."""

from importlib import import_module

# In this order: each goes on with what the one before has left.
for part in ("catalogue", "selling", "dashboard"):
    import_module(f"tests.thirdparty.with_oscar.{part}")

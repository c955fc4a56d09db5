"""The application of `make run`, the hooks of SHOP_TEST_HOOKS applied."""

from shop.local import application
from tests.endtoend.hooks import apply_hooks

__all__ = ["application"]

apply_hooks()

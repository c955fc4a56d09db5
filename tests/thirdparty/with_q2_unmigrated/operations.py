"""The same as with its migrations."""

from tests.thirdparty.with_q2 import operations

__all__ = ["operations"]

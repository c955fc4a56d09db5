"""An AWS of one's own: an emulator (ministack) on loopback, in its own environment.

Nothing here imports Django: the settings need what is set up here.
"""

from shop.localaws.errors import LocalAWSError
from shop.localaws.server import LocalAWS

__all__ = ["LocalAWS", "LocalAWSError"]

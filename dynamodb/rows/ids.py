"""Automatic primary keys: made here, since DynamoDB counts nothing."""

import secrets
import threading
import time

EPOCH = 1_704_067_200  # 2024-01-01 UTC
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Unique, rising with time, within 53 bits (safe in JavaScript).

    41 bits of milliseconds since 2024 (69 years) and 12 bits that are random at each
    new millisecond and count up within it. Two processes may meet; the insert then
    fails its condition and the transaction runs again.
    """
    global _last
    with _lock:
        fresh = (int((time.time() - EPOCH) * 1000) << 12) | secrets.randbits(11)
        _last = max(_last + 1, fresh)
        return _last

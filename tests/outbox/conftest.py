from tests.outbox.queues import order_queue

__all__ = ["order_queue"]

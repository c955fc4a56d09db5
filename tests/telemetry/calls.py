"""What Lambda tells a function of one call of it."""

from dataclasses import dataclass


@dataclass
class LambdaCall:
    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        return 30_000

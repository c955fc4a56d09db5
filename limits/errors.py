"""What somebody is told who has done something too often."""

from rest_framework.exceptions import ErrorDetail, Throttled


class TooOften(Throttled):
    """`what` was done too often; it is allowed again in `wait` seconds."""

    wait: int

    def __init__(self, what: str, *, wait: int):
        super().__init__(wait)
        self.wait = wait
        self.detail = ErrorDetail(f"{what} Try again in {wait} seconds.", self.default_code)

"""What somebody is told who has done something too often."""

from typing import Any

from django.utils.translation import ngettext
from rest_framework.exceptions import ErrorDetail, Throttled


class TooOften(Throttled):
    """`what`, a sentence, was done too often; it is allowed again in `wait` seconds."""

    wait: int

    def __init__(self, what: Any, *, wait: int):
        super().__init__(wait)
        self.wait = wait
        again = ngettext("Try again in {wait} second.", "Try again in {wait} seconds.", wait)
        self.detail = ErrorDetail(f"{what} {again.format(wait=wait)}", self.default_code)

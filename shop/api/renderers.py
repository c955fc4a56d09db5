"""JSON out: REST framework's bytes, made by orjson in a fifth of the time."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import renderers
from rest_framework.utils.encoders import JSONEncoder

# Moments are REST framework's (Z for +00:00), and so is all that orjson does not know.
AS_REST_FRAMEWORK = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
unknown = JSONEncoder().default
# JavaScript of before 2019 took these for line ends within a string.
LINE_ENDS = {"\u2028".encode(): rb"\u2028", "\u2029".encode(): rb"\u2029"}


class JSONRenderer(renderers.JSONRenderer):
    """For whoever wants it indented, and for integers beyond 64 bits, REST framework's own way."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        if self.get_indent(accepted_media_type or "", renderer_context or {}) is None:
            try:
                return escaped(orjson.dumps(data, unknown, AS_REST_FRAMEWORK))
            except TypeError:
                pass  # it knows more, or has the right complaint
        whole: bytes = super().render(data, accepted_media_type, renderer_context)
        return whole


def escaped(content: bytes) -> bytes:
    for end, escape in LINE_ENDS.items():
        if end in content:
            content = content.replace(end, escape)
    return content

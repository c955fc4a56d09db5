"""Django's LOGGING: JSON for CloudWatch, or a line to read on a laptop."""

from typing import Any

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def logging_config(*, formatter: str, level: str, metrics: bool) -> dict[str, Any]:
    """All goes to the console, as `json` or `line`, from this level on. The lines that tell what
    was done carry the metrics, if there are any: these come whatever the level."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "telemetry.logs.LineFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            },
            "json": {"()": "telemetry.logs.JSONFormatter"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": formatter}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "botocore": {"level": "WARNING"},
            "django": {"handlers": []},  # its own come besides root's: each line would come twice
            "django.request": {"level": "ERROR"},  # of other refusals the work's own line tells
            "django.security.csrf": {"level": "ERROR"},  # the same, and these tell paths
            "telemetry": {"level": "INFO" if metrics else "NOTSET"},
            "zappa.wsgi": {"level": "WARNING"},  # its access lines tell addresses and queries
        },
    }

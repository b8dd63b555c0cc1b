"""Logging: one canonical line per unit of work; coloured on a terminal, JSON lines elsewhere."""

import logging
import sys

import orjson
import structlog


def configure_logs() -> None:
    """Set up structlog for the process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    level = structlog.make_filtering_bound_logger(logging.INFO)
    if sys.stderr.isatty():
        structlog.configure(
            wrapper_class=level,
            cache_logger_on_first_use=True,
            processors=[*shared, structlog.dev.ConsoleRenderer()],
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        )
        return
    structlog.configure(
        wrapper_class=level,
        cache_logger_on_first_use=True,
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=lambda value, **_: orjson.dumps(value, default=str).decode()),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )

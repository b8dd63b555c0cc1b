"""Fixtures that every folder of tests may ask for by name."""

from tests.rabbitmq import rabbitmq

__all__ = ["rabbitmq"]

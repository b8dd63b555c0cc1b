"""Fixtures of the server tests."""

from tests.storage.stores import postgres_server, postgres_url, store_url

__all__ = ["postgres_server", "postgres_url", "store_url"]

"""The composition root. Whoever imports it runs the hot modules compiled, where they are (`compiled/`)."""

from server.compiled.finder import install

install()

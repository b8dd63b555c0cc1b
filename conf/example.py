"""Writes `conf/example.toml` from the types, so that the example can never lie."""

import dataclasses

from conf.kinds import kind_of
from conf.settings import Settings

_HEAD = """\
# trambox.toml: every key with its default; copy what you change.
# Relative paths are relative to the file's own folder. TRAMBOX_<SECTION>_<KEY> in the environment overrides a key.
"""


def example_text() -> str:
    """The whole example file: each key with its explanation, its choices and its default."""
    lines = [_HEAD]
    for section in dataclasses.fields(Settings):
        lines.append(f"[{section.name}]")
        for key in dataclasses.fields(section.type):  # type: ignore[arg-type]
            lines.append(f"# {key.metadata['help']}")
            if key.metadata["choices"]:
                lines.append(f"# one of: {', '.join(key.metadata['choices'])}")
            lines.append(f"{key.name} = {kind_of(key).write(key.default)}")
        lines.append("")
    return "\n".join(lines)

"""From `trambox.toml` and the environment to `Settings`.

Order, the later wins: defaults, the file, `TRAMBOX_<SECTION>_<KEY>`. Relative paths are relative to the file's folder
(to the working folder where there is no file). Every fault is collected; one is enough to refuse the whole.
"""

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conf.coherence import SQLITE, incoherences
from conf.faults import ConfigFault, ConfigurationFaults, did_you_mean
from conf.kinds import kind_of
from conf.settings import Settings

DEFAULT_FILE = "trambox.toml"
PREFIX = "TRAMBOX_"
SECTIONS: tuple[str, ...] = tuple(section.name for section in dataclasses.fields(Settings))


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Args:
        path: the file asked for; None takes `TRAMBOX_CONFIG`, then `trambox.toml` of the working folder if it is there.
    Raises:
        ConfigurationFaults: with every fault found.
    """
    chosen = path or (Path(environ["TRAMBOX_CONFIG"]) if environ.get("TRAMBOX_CONFIG") else None)
    file = chosen or Path(DEFAULT_FILE)
    source = str(file)
    written = read_toml(file, source) if chosen or file.is_file() else {}
    faults = [
        ConfigFault(name, None, "is an unknown section", did_you_mean(name, SECTIONS))
        for name in written
        if name not in SECTIONS
    ]
    sections = {
        field.name: _section(field.name, field.default_factory, written.get(field.name, {}), environ, faults)
        for field in dataclasses.fields(Settings)
        if field.default_factory is not dataclasses.MISSING
    }
    settings = _absolute(Settings(**sections), file.absolute().parent)
    faults += incoherences(settings)
    if faults:
        raise ConfigurationFaults(source, faults)
    return settings


def read_toml(file: Path, source: str) -> dict[str, Any]:
    """Read a TOML file; raises ConfigurationFaults where it cannot be read at all."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        fault = ConfigFault("file", None, f"cannot be read ({error.strerror})", "give the path of a readable file")
    except UnicodeDecodeError as error:
        fault = ConfigFault("file", None, f"is not UTF-8 at byte {error.start}", "save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        fault = ConfigFault("file", None, f"is not TOML: {error}", "mend that line")
    raise ConfigurationFaults(source, [fault])


def _section(name: str, kind: Any, written: object, environ: Mapping[str, str], faults: list[ConfigFault]) -> Any:
    """Build one section's dataclass; a key at fault keeps its default."""
    keys = {key.name: key for key in dataclasses.fields(kind)}
    if not isinstance(written, dict):
        faults.append(ConfigFault(name, written, "is not a section", f"write [{name}] on a line of its own"))
        written = {}
    given: dict[str, tuple[str, object]] = {key: (f"{name}.{key}", value) for key, value in written.items()}
    prefix = f"{PREFIX}{name.upper()}_"
    for variable in sorted(environ):
        if variable.startswith(prefix):
            key = variable.removeprefix(prefix).lower()
            text = environ[variable]
            given[key] = (variable, kind_of(keys[key]).from_text(text) if key in keys else text)
    values: dict[str, Any] = {}
    for key, (where, value) in given.items():
        if key not in keys:
            faults.append(ConfigFault(where, value, "is an unknown key", did_you_mean(key, keys)))
            continue
        wanted = kind_of(keys[key])
        choices = keys[key].metadata["choices"]
        try:
            read = wanted.read(value)
            if choices and read not in choices:
                raise ValueError("is not one of the choices")
            values[key] = read
        except ValueError as error:
            mend = " or ".join(f'"{choice}"' for choice in choices) or wanted.wanted
            faults.append(ConfigFault(where, value, str(error), f"write {mend}"))
    return kind(**values)


def _absolute(settings: Settings, folder: Path) -> Settings:
    """Resolve what is relative to the file's folder."""
    data_dir = folder / settings.server.data_dir
    url = settings.storage.url.replace("{data_dir}", str(data_dir))
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        url = SQLITE + str(folder / url.removeprefix(SQLITE))
    sections: dict[str, Any] = {
        section: dataclasses.replace(
            getattr(settings, section),
            **{
                key.name: str(folder / value)
                for key in dataclasses.fields(getattr(settings, section))
                if key.metadata["is_path"] and (value := getattr(getattr(settings, section), key.name))
            },
        )
        for section in SECTIONS
    }
    sections["server"] = dataclasses.replace(settings.server, data_dir=data_dir)
    sections["storage"] = dataclasses.replace(settings.storage, url=url)
    return Settings(**sections)

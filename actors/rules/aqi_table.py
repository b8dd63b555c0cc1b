"""The dated data of the air quality index: breakpoints, levels, names and colours (vn_aqi.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class AqiBand:
    """A named stretch of the index, up to and with `up_to`."""

    up_to: int
    name: str
    rgb: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class AqiTable:
    """One document's table: concentrations in µg/m3 per pollutant against the levels of the index."""

    article: str
    valid_from: date
    levels: tuple[int, ...]
    breakpoints: Mapping[str, tuple[float, ...]]
    bands: tuple[AqiBand, ...]

    def band_of(self, aqi: int) -> AqiBand:
        """Name the stretch that an index lies in."""
        return next((band for band in self.bands if aqi <= band.up_to), self.bands[-1])


def parse_aqi_tables(text: str) -> tuple[AqiTable, ...]:
    """Read the documents of a vn_aqi.toml, oldest first.

    Raises:
        ValueError: the text is not TOML, or a document lacks a field.
    """
    try:
        tables = [_build(document) for document in tomllib.loads(text)["index"]]
    except (KeyError, TypeError) as fault:
        raise ValueError(f"vn_aqi: {fault}") from fault
    return tuple(sorted(tables, key=lambda table: table.valid_from))


@lru_cache(1024)
def load_aqi_table(day: date) -> AqiTable:
    """Read the shipped table in force on a day; before the first document that one stands in."""
    tables = parse_aqi_tables(files("actors.rules").joinpath("vn_aqi.toml").read_text("utf-8"))
    return next((table for table in reversed(tables) if table.valid_from <= day), tables[0])


def _build(document: dict[str, Any]) -> AqiTable:
    bands = tuple(AqiBand(band["up_to"], band["name"], tuple(band["rgb"])) for band in document["bands"])
    breakpoints = {pollutant: tuple(map(float, points)) for pollutant, points in document["breakpoints"].items()}
    levels = tuple(document["levels"])
    for pollutant, points in breakpoints.items():
        if list(points) != sorted(set(points)) or not 2 <= len(points) <= len(levels):
            raise ValueError(f"vn_aqi: breakpoints of {pollutant} do not ascend, or are more than the levels")
    return AqiTable(document["article"], document["valid_from"], levels, breakpoints, bands)

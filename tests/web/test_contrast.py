"""Contrast of every ink on the grounds it stands on, computed from the style sheets: WCAG 2.1, level AA, both themes.

Text takes 4.5:1, shapes and cells that mean something 3:1.
"""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "web" / "static"
THEMES = {"light": ":root {", "dark": ':root[data-theme="dark"] {'}
GROUNDS = ("ground", "card", "hover")
INKS = ("ink", "faint", "brand", "red", "amber", "green", "blue", "grey")
ON_TINTS = [
    ("red", "red-ground"),
    ("amber", "amber-ground"),
    ("ink", "blue-ground"),
    ("on-red", "red"),
    ("card", "ink"),
]
CELLS = ("cell-got", "cell-late", "cell-missing", "cell-blue")


def variables(theme: str) -> dict[str, str]:
    """The colours of a theme; what it leaves out is the light one's."""
    text = (STATIC / "base.css").read_text(encoding="utf-8")
    blocks = [text.partition(THEMES[name])[2].partition("}")[0] for name in ("light", theme)]
    return {name: value for block in blocks for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", block)}


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == 21 and round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("theme", THEMES)
def test_every_ink_is_readable_on_every_ground(theme: str) -> None:
    known = variables(theme)
    pairs = [(ink, ground) for ink in INKS for ground in GROUNDS] + ON_TINTS
    low = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_cell_stands_out_from_the_card_and_carries_its_number(theme: str) -> None:
    known = variables(theme)
    shapes = {cell: round(contrast(known[cell], known["card"]), 2) for cell in CELLS}
    numbers = {cell: round(contrast(known[cell], known["cell-ink"]), 2) for cell in CELLS}
    assert {cell: ratio for cell, ratio in shapes.items() if ratio < 3} == {}
    assert {cell: ratio for cell, ratio in numbers.items() if ratio < 4.5} == {}


def test_no_other_sheet_brings_colours_of_its_own() -> None:
    """The levels of the air index are the document's colours, and have a test of their own."""
    sheets = [path for path in STATIC.glob("*.css") if path.name not in ("base.css", "air.css")]
    assert {path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s])", path.read_text("utf-8")) for path in sheets} == {
        path.name: [] for path in sheets
    }

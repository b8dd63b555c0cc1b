"""Draws an episode's charts as SVG on the server: values with their verdicts, a shaded span in question, ticks. Pure.

Invariant: a value is drawn where it was measured; a hole of more than three steps lifts the pen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

from protocols.times import ICT, parse_iso

WIDTH, HEIGHT = 960, 220
LEFT, RIGHT, TOP, BOTTOM = 58, 10, 10, 24
MOST_POINTS = 600
LIFT_STEPS = 3


@dataclass(frozen=True, slots=True)
class Dot:
    """One value that is not plainly good; `look` is its flag, or `corrected`."""

    x: float
    y: float
    look: str
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template draws."""

    path: str
    raw_path: str
    dots: tuple[Dot, ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_ticks: tuple[tuple[float, str], ...]
    span: tuple[float, float] | None
    limits: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM


def draw(
    values: Sequence[Any],
    from_s: int,
    to_s: int,
    *,
    raw: Sequence[Any] = (),
    span: tuple[int, int] | None = None,
    limits: Sequence[tuple[float, str]] = (),
) -> Chart | None:
    """Draw values `{time, value, flag, corrected}`; None where there is no number.

    Args:
        raw: the values as sent `{time, value, flag}`; what people laid over them shows dashed behind.
        limits: horizontal lines; one far outside of the values is left out, so that they stay readable.
    """
    points = _points(values)
    sent = [(time_s, value) for time_s, value, _ in _points(raw)]
    numbers = [value for _, value, _ in points] + [value for _, value in sent]
    if not numbers or to_s <= from_s:
        return None
    low, high = min(numbers), max(numbers)
    reach = (high - low) or abs(high) or 1.0
    shown = [(number, word) for number, word in limits if low - reach <= number <= high + reach]
    low, high = min([low, *(number for number, _ in shown)]), max([high, *(number for number, _ in shown)])
    pad = ((high - low) or abs(high) or 1.0) * 0.06
    low, high = low - pad, high + pad

    def x(time_s: float) -> float:
        return round(LEFT + (time_s - from_s) / (to_s - from_s) * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    dots = [
        Dot(x(time_s), y(value), look, f"{_clock(time_s)} · {value:g}")
        for time_s, value, look in points
        if look not in ("1", "2")
    ]
    middle = (low + high) / 2
    return Chart(
        path=_path([(time_s, value) for time_s, value, _ in points], x, y),
        raw_path=_path(sent, x, y),
        dots=tuple(dots[:MOST_POINTS]),
        y_ticks=tuple((y(value), f"{value:.4g}") for value in (low + pad, middle, high - pad)),
        x_ticks=tuple((x(time_s), _clock(time_s)) for time_s in _whole_hours(from_s, to_s)),
        span=None if span is None else (x(max(span[0], from_s)) - 3, x(min(span[1], to_s)) + 3),
        limits=tuple((y(number), word) for number, word in shown),
    )


def plot(
    name: str,
    unit: str,
    values: Sequence[Any],
    from_s: int,
    *,
    raw: Sequence[Any] = (),
    limits: Sequence[tuple[float, str]] = (),
) -> dict[str, Any]:
    """The same for the page's own charts (`static/charts.js`): what was sent, and people's numbers beside it."""
    sent: dict[int, tuple[float | None, int]] = {
        parse_iso(one["time"]): (one["value"], int(one["flag"])) for one in values if not one["corrected"]
    }
    for one in raw:
        sent.setdefault(parse_iso(one["time"]), (one["value"], int(one["flag"])))
    times = sorted(sent)
    return {
        "series": {
            "parameter": name,
            "unit": unit,
            "count": len(times),
            "offset_s": [time_s - from_s for time_s in times],
            "value": [sent[time_s][0] for time_s in times],
            "flag": [sent[time_s][1] for time_s in times],
            "corrected": [
                {"offset_s": parse_iso(one["time"]) - from_s, "value": one["value"]}
                for one in values
                if one["corrected"]
            ],
        },
        "limits": [{"value": number, "word": word} for number, word in limits],
    }


def _points(values: Sequence[Any]) -> list[tuple[int, float, str]]:
    found = [
        (parse_iso(one["time"]), float(one["value"]), "corrected" if one.get("corrected") else str(one.get("flag", 1)))
        for one in values
        if one["value"] is not None
    ]
    step = max(1, len(found) // MOST_POINTS)
    return [one for at, one in enumerate(found) if at % step == 0 or one[2] not in ("1", "2")]


def _path(points: Sequence[tuple[int, float]], x: Any, y: Any) -> str:
    if not points:
        return ""
    steps = [after[0] - before[0] for before, after in pairwise(points)]
    lift_s = LIFT_STEPS * median(steps) if steps else 0
    made, before_s = [], None
    for time_s, value in points:
        pen = "M" if before_s is None or time_s - before_s > lift_s else "L"
        made.append(f"{pen}{x(time_s)} {y(value)}")
        before_s = time_s
    return "".join(made)


def _whole_hours(from_s: int, to_s: int) -> list[int]:
    """Six to twelve whole hours of Vietnamese time."""
    step_s = next((hours * 3600 for hours in (1, 2, 3, 6, 12, 24, 48) if (to_s - from_s) / (hours * 3600) <= 12), 86400)
    first_s = -(-(from_s + 7 * 3600) // step_s) * step_s - 7 * 3600
    return list(range(first_s, to_s + 1, step_s))


def _clock(time_s: int) -> str:
    moment = datetime.fromtimestamp(time_s, ICT)
    return moment.strftime("%d/%m") if moment.hour == moment.minute == 0 else moment.strftime("%H:%M")

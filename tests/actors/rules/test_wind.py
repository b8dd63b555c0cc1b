"""Q14, mean wind direction."""

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.wind import WindKind, WindSample, wind_direction
from protocols.times import parse_iso
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases


@cases("wind_dir")
def test_the_direction_equals_the_vector(case: Case) -> None:
    rows = [WindSample(parse_iso(r["t"]), r["wd"], r["ws"], Flag(r["flag"])) for r in case["input"]["records"]]
    params, expected = case["params"], case["expected"]
    found = wind_direction(
        rows,
        parse_iso(case["input"]["hour_end"]),
        params["interval_s"],
        completeness=params["completeness"],
        calm_ms=params["calm"],
        least_resultant=params["r_min"],
        weight=params["weight"],
    )
    assert (found.kind, found.members, found.flag) == (expected["kind"], expected["n"], expected["flag"])
    if expected["dir"] is None:
        assert found.direction_deg is None
    else:
        assert found.direction_deg is not None
        assert abs(found.direction_deg - expected["dir"]) <= 1e-4


@given(st.lists(st.tuples(st.floats(0, 360), st.floats(0, 30)), min_size=6, max_size=6))
def test_a_mean_direction_lies_in_the_compass_with_north_at_360(samples: list[tuple[float, float]]) -> None:
    rows = [WindSample(600 * (i + 1), wd, ws, Flag.GOOD) for i, (wd, ws) in enumerate(samples)]
    found = wind_direction(rows, 3600, 600)
    if found.kind is WindKind.MEAN:
        assert found.direction_deg is not None
        assert 0 < found.direction_deg <= 360
    else:
        assert found.direction_deg == (0.0 if found.kind is WindKind.CALM else None)

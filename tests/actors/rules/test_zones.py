"""When and for which heading a zone holds."""

from actors.rules.zones import Zone

MIDNIGHT = 1_780_000_000 // 86400 * 86400 - 7 * 3600


def test_hours_may_pass_over_midnight() -> None:
    zone = Zone("a", 50, hours=((22 * 60, 5 * 60),))
    assert [zone.in_force(MIDNIGHT + hour * 3600) for hour in (0, 4, 5, 21, 22, 23)] == [
        True,
        True,
        False,
        False,
        True,
        True,
    ]


def test_validity_is_half_open() -> None:
    zone = Zone("a", 50, from_s=100, to_s=200)
    assert [zone.in_force(at) for at in (99, 100, 199, 200)] == [False, True, True, False]


def test_a_direction_has_a_tolerance_across_north_and_holds_for_nobody_without_a_heading() -> None:
    zone = Zone("a", 50, heading_deg=350.0, tolerance_deg=20.0)
    assert [zone.faces(heading, 0.0) for heading in (5.0, 331.0, 15.0, None)] == [True, True, False, False]


def test_along_a_line_the_line_gives_the_direction() -> None:
    forward, backward = Zone("a", 50, along=1), Zone("b", 50, along=-1)
    assert (forward.faces(95.0, 90.0), forward.faces(270.0, 90.0)) == (True, False)
    assert (backward.faces(95.0, 90.0), backward.faces(270.0, 90.0)) == (False, True)

"""Rules bound to a station's symbols."""

import pytest

from actors.rules.flat_line import Exclusion
from actors.rules.partners import Known, Partners, rule_tables
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases

WIND = [Known("WindSpeed", "m/s"), Known("WindDir", "deg")]


@cases("consistency")
def test_a_bound_rule_gives_what_the_vector_says(case: Case) -> None:
    """Each variable is a parameter of that name; `rain_counter` looks back and has tests of its own."""
    record = case["input"]["record"]
    if case["params"]["rule"] == "rain_counter":
        return
    partners = Partners.bind([case["params"]], [Known(name, "", usual=False) for name in record])
    values = {name: value for name, value in record.items() if value is not None}
    assert partners.judge(values, set(record)) == case["expected"]


def test_a_usual_rule_marks_no_more_than_suspect() -> None:
    known = [Known("PM2.5", "µg/m3"), Known("PM10", "µg/m3")]
    assert Partners.bind([], known).judge({"PM2.5": 900.0, "PM10": 1.0}, {"PM2.5"}) == {"PM2.5": Flag.SUSPECT}
    own = Partners.bind([{"rule": "pm"}], known)
    assert own.judge({"PM2.5": 900.0, "PM10": 1.0}, {"PM2.5"}) == {"PM2.5": Flag.FAIL}


def test_a_parameter_may_refuse_the_usual_rules() -> None:
    assert Partners.bind([], [WIND[0], Known("WindDir", "deg", usual=False)]).readers == {}


def test_a_variable_may_be_a_number_or_an_alias() -> None:
    table = {"rule": "pressure_elev", "p": "Ap", "z": 1584}
    partners = Partners.bind([table], [Known("P1", "hPa", ("Ap",))])
    assert partners.judge({"P1": 1009.0}, {"P1"}) == {"P1": Flag.SUSPECT}


def test_a_rule_without_its_parameter_waits_or_is_refused() -> None:
    table = {"rule": "gust", "ws": "nobody"}
    assert Partners.bind([table], WIND).judge({"WindSpeed": 1.0}, {"nobody"}) == {"nobody": Flag.NOT_EVALUATED}
    with pytest.raises(ValueError, match="finds no parameter for 'ws'"):
        Partners.bind([table], WIND, strict=True)


def test_the_direction_stands_still_in_a_calm() -> None:
    partners = Partners.bind([], WIND)
    assert [partners.may_stand_still("WindDir", 0, {"WindSpeed": speed}) for speed in (0.5, 0.6)] == [True, False]
    assert partners.readers["WindSpeed"] == {"WindDir"}


def test_a_stack_stands_still_while_its_plant_is_at_rest() -> None:
    stack = Known("SO2", "mg/Nm3", exclude=Exclusion(when="run", when_le=0))
    partners = Partners.bind([], [stack, Known("Running", "", ("run",))])
    assert [partners.may_stand_still("SO2", 0, values) for values in ({"Running": 0.0}, {"Running": 1.0}, {})] == [
        True,
        False,
        False,
    ]


def test_rules_are_gathered_from_parameters() -> None:
    assert rule_tables([None, False, {"rule": "pm"}, [{"rule": "gust"}]]) == [{"rule": "pm"}, {"rule": "gust"}]


@pytest.mark.parametrize("hours", ["19", [24], [1.5]])
def test_hours_of_a_reset_are_hours(hours: object) -> None:
    with pytest.raises(ValueError, match="reset_hours"):
        Partners.bind([{"rule": "rain_counter", "reset_hours": hours}], [Known("R", "mm")])

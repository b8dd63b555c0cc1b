"""Signs: what doubtful values say of their station, and for how long."""

from actors.messages import HourTouched, ReadingJudged, ReadingRevised
from actors.notices.signs import Signs
from protocols.verdict import pack
from protocols.vocabulary import Cause, Flag
from storage.notices import Doubtful

CALM_MS = 1_800_000
TIME_S = 1_763_610_900


def judged(flag: Flag, station_id: int = 1, **tests: int) -> ReadingJudged:
    return ReadingJudged(station_id, "COD", TIME_S, 450.0, "450", "mg/L", "00", flag, pack(tests), 7, 1)


class Stage:
    def __init__(self) -> None:
        self.now_s = 1000.0
        self.signs = Signs(lambda: self.now_s, {1: "TB_A", 2: "TB_B"}.get, CALM_MS)

    def standing(self, cause: Cause) -> dict[str, str]:
        return {source: sign.detail for source, sign in self.signs.standing(cause).items()}


def test_a_suspect_value_makes_its_station_abnormal_and_names_value_and_test() -> None:
    stage = Stage()
    stage.signs.told([judged(Flag.SUSPECT, range=3, step=1), HourTouched(1, TIME_S, 0), judged(Flag.GOOD, 2)])
    assert stage.standing(Cause.ABNORMAL) == {"station:TB_A": "COD 450 mg/L (range) 10:55"}
    assert stage.standing(Cause.FAILED) == {}


def test_a_later_verdict_counts_as_well() -> None:
    stage = Stage()
    stage.signs.told([ReadingRevised(2, "COD", TIME_S, Flag.FAIL, pack({"spike": 4}))])
    assert stage.standing(Cause.FAILED) == {"station:TB_B": "COD (spike) 10:55"}


def test_it_stands_until_no_such_value_came_for_a_while_and_keeps_its_beginning() -> None:
    stage = Stage()
    stage.signs.told([judged(Flag.FAIL, range=4)])
    stage.now_s += CALM_MS / 1000 - 1
    stage.signs.told([judged(Flag.FAIL, range=4)])
    stage.now_s += CALM_MS / 1000 - 1
    assert stage.signs.standing(Cause.FAILED)["station:TB_A"].since_ms == 1_000_000
    stage.now_s += 1
    assert stage.standing(Cause.FAILED) == {}


def test_what_came_shortly_before_a_start_is_taken_up_and_stations_that_are_gone_are_not() -> None:
    stage = Stage()
    stage.signs.recall([Doubtful(1, "pH", "14.2", "", 4, TIME_S), Doubtful(9, "pH", "3", "", 4, TIME_S)])
    assert list(stage.standing(Cause.FAILED)) == ["station:TB_A"]

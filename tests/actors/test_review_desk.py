"""Acts at the desk: what each does to the layer, what is refused, and that the original stands."""

from pathlib import Path
from typing import Any

import pytest

from actors.review_acts import Act, Actor, NotThere, Overtaken, Preview, ReviewOptions, ReviewRefused
from protocols.vocabulary import EpisodeState, Flag, ReviewAction, Role
from storage.models import CorrectionRow, DirtyHourRow, EpisodeRow, ReviewJournalRow, TicketRow
from tests.actors.review_room import AN, HOUR, STEP_S, Room, open_room

pytestmark = pytest.mark.asyncio
BINH = Actor("binh", Role.ADMIN)


async def with_episode(room: Room, *values: tuple[float | None, int], test: str = "range") -> EpisodeRow:
    """Good values around questioned ones; gives the episode of these."""
    await room.put(-1, 10.0)
    for step, (value, flag) in enumerate(values):
        await room.put(step, value, flag, test)
    await room.put(len(values), 20.0)
    return await room.episode(0, len(values) - 1, test=test)


@pytest.mark.parametrize(
    ("action", "fields", "effective"),
    [
        (ReviewAction.APPROVE, {}, (450.0, Flag.GOOD)),
        (ReviewAction.REJECT, {"reason": "bẩn"}, (450.0, Flag.FAIL)),
        (ReviewAction.CORRECT, {"value": 12.5}, (12.5, Flag.GOOD)),
        (ReviewAction.CORRECT, {"factor": 0.1, "offset": 1.0}, (46.0, Flag.GOOD)),
        (ReviewAction.CORRECT, {"values": {HOUR: 7.0}}, (7.0, Flag.GOOD)),
        (ReviewAction.INTERPOLATE, {}, (15.0, Flag.GOOD)),
        (ReviewAction.MARK, {"flag": 4}, (450.0, Flag.FAIL)),
        (ReviewAction.CONFIRM_ABNORMAL, {"reason": "lũ", "evidence": "ảnh"}, (450.0, Flag.GOOD)),
    ],
)
async def test_an_act_is_one_journal_row_and_changes_the_layer_only(
    tmp_path: Path, action: ReviewAction, fields: dict[str, Any], effective: tuple[float, Flag]
) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3))
        before = await room.raw()
        done = await room.act(row.id, action, **fields)
        assert (done.state, done.version, done.closed) == (EpisodeState.DONE, 2, (row.id,))
        (one,) = [one for one in await room.series() if one.time_s == HOUR]
        assert (one.value, one.flag) == effective
        assert await room.raw() == before
        (journal,) = await ReviewJournalRow.all()
        assert (journal.action, journal.who, journal.count, journal.value_before) == (str(action), "an", 1, "450")
        assert {hour.hour_s for hour in await DirtyHourRow.all()} == {HOUR}
        assert room.told == [(row.id, action, "an")]


async def test_many_values_are_changed_in_two_steps(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3), (451.0, 3))
        preview = await room.desk.act(row.id, Act(ReviewAction.REJECT, 1), AN)
        assert isinstance(preview, Preview) and preview.count == 2
        assert await CorrectionRow.all().count() == await ReviewJournalRow.all().count() == 0
        stale = Act(ReviewAction.REJECT, 1, confirm="1.3.0.0")
        assert isinstance(await room.desk.act(row.id, stale, AN), Preview)
        done = await room.desk.act(row.id, Act(ReviewAction.REJECT, 1, confirm=preview.confirm), AN)
        assert not isinstance(done, Preview) and done.count == 2


async def test_the_second_of_two_reviewers_is_told_what_the_first_did(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3))
        await room.desk.act(row.id, Act(ReviewAction.APPROVE, 1), AN)
        with pytest.raises(Overtaken, match="an did approve") as refused:
            await room.desk.act(row.id, Act(ReviewAction.REJECT, 1), BINH)
        assert refused.value.by is not None and refused.value.by.who == "an"
        assert await CorrectionRow.all().count() == 1


async def test_a_part_of_an_episode_leaves_the_rest_open(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3), (451.0, 3))
        done = await room.act(row.id, ReviewAction.APPROVE, times_s=(HOUR,))
        assert (done.state, done.closed) == (EpisodeState.OPEN, ())
        done = await room.act(row.id, ReviewAction.REJECT, times_s=(HOUR + STEP_S,))
        assert done.state is EpisodeState.DONE


async def test_an_act_about_the_whole_episode_leaves_what_was_decided_before(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3), (620.0, 3))
        await room.act(row.id, ReviewAction.CORRECT, times_s=(HOUR + STEP_S,), value=12.0)
        done = await room.act(row.id, ReviewAction.APPROVE)
        assert (done.count, done.state) == (1, EpisodeState.DONE)
        assert [one.value for one in await room.series()] == [10.0, 450.0, 12.0, 20.0]


async def test_what_another_test_questioned_is_closed_with_it_and_opened_again_with_it(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3))
        await room.put(9, 450.0, 3, "spike")
        other = await room.episode(0, 0, test="spike")
        far = await room.episode(9, 9, test="spike")
        done = await room.act(row.id, ReviewAction.APPROVE)
        assert set(done.closed) == {row.id, other.id}
        await room.act(row.id, ReviewAction.REOPEN, reason="nhầm")
        states = {one.id: one.state for one in await EpisodeRow.all()}
        assert states == {row.id: "open", other.id: "done", far.id: "open"}, "nothing of the other is in question"


async def test_taking_back_is_a_new_row_and_the_value_is_as_sent_again(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3))
        await room.act(row.id, ReviewAction.CORRECT, value=1.0)
        done = await room.act(row.id, ReviewAction.REOPEN, reason="nhầm")
        (one,) = [one for one in await room.series() if one.time_s == HOUR]
        assert (done.state, one.value, one.flag, one.decided) == (EpisodeState.OPEN, 450.0, Flag.SUSPECT, "")
        assert await CorrectionRow.all().count() == 2


async def test_missing_values_are_filled_and_a_fill_is_taken_back(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        await room.put(0, 10.0)
        await room.put(4, 20.0, 3, "gap")
        await room.put(5, 22.0)
        row = await room.episode(4, 4, test="gap")
        done = await room.act(row.id, ReviewAction.INTERPOLATE, max_gap_s=3600)
        assert (done.count, done.state) == (3, EpisodeState.DONE)
        filled = [(one.time_s - HOUR, one.value) for one in await room.series() if one.reading_id == 0]
        assert [at for at, _ in filled] == [300, 600, 900]
        assert filled[0][1] == pytest.approx(10 + 12 * 300 / 1500)
        await room.act(row.id, ReviewAction.REOPEN, reason="nhầm")
        assert [one.reading_id for one in await room.series()] == [1, 2, 3]


async def test_a_record_that_contradicts_is_promoted(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        await room.put(0, 5.0, 3, "order")
        second = await room.put(0, 8.0, 3, "order")
        row = await room.episode(0, 0, test="order")
        with pytest.raises(NotThere):
            await room.act(row.id, ReviewAction.PROMOTE, reading_id=99)
        await room.act(row.id, ReviewAction.PROMOTE, reading_id=second)
        assert [(one.value, one.flag) for one in await room.series()] == [(8.0, Flag.GOOD)]


async def test_the_only_record_of_an_instant_is_not_promoted(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3))
        with pytest.raises(ReviewRefused, match="only record"):
            await room.act(row.id, ReviewAction.PROMOTE, reading_id=2)


@pytest.mark.parametrize(
    ("action", "fields", "field"),
    [
        (ReviewAction.CONFIRM_ABNORMAL, {"reason": "lũ"}, "evidence"),
        (ReviewAction.CONFIRM_ABNORMAL, {"evidence": "ảnh"}, "reason"),
        (ReviewAction.ESCALATE, {}, "reason"),
        (ReviewAction.NOTE, {"note": "  "}, "note"),
        (ReviewAction.REOPEN, {}, "reason"),
        (ReviewAction.MARK, {"flag": 1}, "flag"),
        (ReviewAction.CORRECT, {}, "value"),
        (ReviewAction.CORRECT, {"value": 1.0, "times_s": (HOUR, HOUR + STEP_S)}, "value"),
        (ReviewAction.INTERPOLATE, {"max_gap_s": 60}, "times"),
        (ReviewAction.APPROVE, {"times_s": (HOUR + 1,)}, "times"),
        (ReviewAction.ANSWER_VERIFICATION, {"note": "x"}, "action"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field_and_nothing_is_written(
    tmp_path: Path, action: ReviewAction, fields: dict[str, Any], field: str
) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3), (451.0, 3))
        with pytest.raises(ReviewRefused) as refused:
            await room.act(row.id, action, **fields)
        assert refused.value.field == field
        assert await CorrectionRow.all().count() == await ReviewJournalRow.all().count() == 0
        assert (await EpisodeRow.get(id=row.id)).version == 1


async def test_a_station_is_asked_once_at_a_time_and_has_two_hours(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3))
        done = await room.act(row.id, ReviewAction.REQUEST_VERIFICATION, note="Có xả thải không?")
        now_ms = int(room.clock_s[0] * 1000)
        assert (done.state, done.due_ms) == (EpisodeState.VERIFYING, now_ms + 7_200_000)
        with pytest.raises(ReviewRefused, match="asked already"):
            await room.act(row.id, ReviewAction.REQUEST_VERIFICATION, note="?")
        done = await room.act(row.id, ReviewAction.ANSWER_VERIFICATION, BINH, note="đã vệ sinh")
        (ticket,) = await TicketRow.all()
        assert (done.state, done.due_ms, ticket.answered_by, ticket.answer) == ("open", None, "binh", "đã vệ sinh")


async def test_an_escalated_episode_waits_until_somebody_decides(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3))
        assert (await room.act(row.id, ReviewAction.ESCALATE, reason="vỡ đê")).state is EpisodeState.ESCALATED
        assert (await room.act(row.id, ReviewAction.NOTE, note="đã gọi")).state is EpisodeState.ESCALATED
        assert (await room.act(row.id, ReviewAction.APPROVE)).state is EpisodeState.DONE


async def test_nobody_acts_about_what_is_not_there(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        with pytest.raises(NotThere):
            await room.desk.act(7, Act(ReviewAction.APPROVE, 1), AN)


async def test_the_box_settles_how_soon_an_answer_is_due_and_how_wide_a_hole_is_filled(tmp_path: Path) -> None:
    """Two neighbours of an episode of one value are two steps apart."""
    options = ReviewOptions(verification_s=60, max_gap_s=2 * STEP_S - 1)
    async with open_room(tmp_path, options) as room:
        row = await with_episode(room, (450.0, 3))
        asked = await room.act(row.id, ReviewAction.REQUEST_VERIFICATION, note="vệ sinh đầu đo?")
        assert asked.due_ms == int(room.clock_s[0] * 1000) + 60_000
        with pytest.raises(ReviewRefused) as refused:
            await room.act(row.id, ReviewAction.INTERPOLATE)
        assert (refused.value.code, refused.value.told["minutes"]) == ("gap_wide", "10")
        assert (await room.act(row.id, ReviewAction.INTERPOLATE, max_gap_s=2 * STEP_S)).state == "done"


async def test_an_act_about_the_whole_case_decides_what_every_test_questions(tmp_path: Path) -> None:
    """Three values failed the range; the spike test questions the last of them and the one after it."""
    async with open_room(tmp_path) as room:
        row = await with_episode(room, (450.0, 3), (451.0, 3), (452.0, 3))
        await room.put(4, 99.0, 3, "spike")
        spike = await room.episode(2, 4, test="spike")
        await EpisodeRow.filter(id=spike.id).update(flag=4)
        one = await room.act(row.id, ReviewAction.REJECT, reason="bẩn")
        assert (one.count, one.closed) == (3, (row.id,))
        await room.act(row.id, ReviewAction.REOPEN, reason="nhầm")
        whole = await room.act(row.id, ReviewAction.REJECT, reason="bẩn", whole_case=True)
        assert (whole.count, whole.closed) == (4, (row.id, spike.id))
        back = await room.act(spike.id, ReviewAction.REOPEN, reason="nhầm", whole_case=True)
        assert (back.count, back.closed) == (4, ())
        assert {one.state for one in await EpisodeRow.all()} == {"open"}


async def case_of_two(room: Room) -> tuple[EpisodeRow, EpisodeRow]:
    """The range and the spike test question the same value."""
    row = await with_episode(room, (450.0, 3))
    return row, await room.episode(0, 0, test="spike")


async def states(room: Room) -> dict[str, tuple[str, int | None]]:
    return {one.test: (one.state, one.due_ms) for one in await EpisodeRow.all()}


async def test_a_question_about_the_whole_case_is_one_and_its_answer_opens_all_of_it(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row, spike = await case_of_two(room)
        asked = await room.act(row.id, ReviewAction.REQUEST_VERIFICATION, note="Có xả thải không?", whole_case=True)
        waits = ("verifying", asked.due_ms)
        assert await states(room) == {"range": waits, "spike": waits}
        with pytest.raises(ReviewRefused, match="asked already"):
            await room.act(spike.id, ReviewAction.REQUEST_VERIFICATION, note="?", whole_case=True)
        answered = await room.act(spike.id, ReviewAction.ANSWER_VERIFICATION, BINH, note="đã vệ sinh", whole_case=True)
        assert (answered.state, answered.due_ms) == ("open", None)
        assert await states(room) == {"range": ("open", None), "spike": ("open", None)}
        (ticket,) = await TicketRow.all()
        assert (ticket.episode_id, ticket.answered_by) == (row.id, "binh")
        assert await ReviewJournalRow.all().count() == 2, "every act is one row of the journal"


async def test_a_case_is_escalated_as_a_whole_and_an_answer_leaves_it_so(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row, spike = await case_of_two(room)
        asked = await room.act(row.id, ReviewAction.REQUEST_VERIFICATION, note="?", whole_case=True)
        await room.act(spike.id, ReviewAction.ESCALATE, reason="vỡ đê", whole_case=True)
        stands = ("escalated", asked.due_ms)
        assert await states(room) == {"range": stands, "spike": stands}
        await room.act(row.id, ReviewAction.ANSWER_VERIFICATION, note="đúng", whole_case=True)
        assert (await states(room))["spike"] == ("escalated", None), "nobody is waited for any more"


async def test_what_was_asked_of_each_is_answered_and_escalated_with_the_whole(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row, spike = await case_of_two(room)
        asked = await room.act(row.id, ReviewAction.REQUEST_VERIFICATION, note="?")
        await room.act(spike.id, ReviewAction.ESCALATE, reason="vỡ đê", whole_case=True)
        stands = ("escalated", asked.due_ms)
        assert await states(room) == {"range": stands, "spike": stands}, "it was asked about the other one"
        await room.act(spike.id, ReviewAction.REQUEST_VERIFICATION, note="?")
        await room.act(row.id, ReviewAction.ANSWER_VERIFICATION, BINH, note="đúng", whole_case=True)
        assert {ticket.answered_by for ticket in await TicketRow.all()} == {"binh"}, "no clock runs on"


async def test_an_act_about_one_episode_leaves_its_neighbours_alone(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row, _ = await case_of_two(room)
        await room.act(row.id, ReviewAction.ESCALATE, reason="vỡ đê")
        assert await states(room) == {"range": ("escalated", None), "spike": ("open", None)}

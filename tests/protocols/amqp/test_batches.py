import pytest

from protocols.amqp.batches import Batch, Batches


def written(*sizes: int) -> tuple[Batches, list[Batch]]:
    batches, made = Batches(), [Batch([b"%d.%d" % (n, m) for m in range(size)]) for n, size in enumerate(sizes)]
    for batch in made:
        batches.write(batch, len(batch.bodies))
    return batches, made


def test_one_confirm_settles_all_sends_before_it() -> None:
    batches, made = written(3, 2, 4)
    assert batches.answer(6, True, "") == made[:2]
    assert made[2].confirmed() == {0}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_single_confirms_may_come_in_any_order(order: tuple[int, ...]) -> None:
    batches, (batch,) = written(3)
    settled = [batches.answer(tag, False, "") for tag in order]
    assert settled == [[], [], [batch]]


def test_a_nack_refuses_only_what_was_not_confirmed() -> None:
    batches, (batch,) = written(4)
    batches.answer(2, False, "")
    assert batches.answer(4, True, "no") == [batch]
    assert batch.refused == {0: "no", 2: "no", 3: "no"}


def test_returns_find_equal_bodies_in_their_order() -> None:
    batches, batch = Batches(), Batch([b"a", b"b", b"a"])
    batches.write(batch, 3)
    batches.take_return(b"a", "312")
    batches.take_return(b"a", "312")
    assert batches.answer(3, True, "") == [batch]
    assert batch.refused == {0: "312", 2: "312"}
    assert batch.confirmed() == {1}


def test_a_send_written_in_part_is_not_settled_by_a_confirm_of_that_part() -> None:
    batches, batch = Batches(), Batch([b"a", b"b", b"c"])
    batches.write(batch, 2)
    assert batches.answer(2, True, "") == []
    batches.write(batch, 1)
    assert batches.answer(3, True, "") == [batch]

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from protocols.amqp.receipts import Receipts


@given(st.lists(st.integers(1, 300), min_size=1, max_size=20), st.randoms())
def test_a_confirm_never_speaks_for_an_offer_that_waits(counts: list[int], random: Random) -> None:
    receipts, tags, tag = Receipts(), [], 0
    for count in counts:
        tag += count
        tags.append(tag)
        receipts.offer(tag)
    order = tags.copy()
    random.shuffle(order)
    stored: set[int] = set()
    confirmed = 0
    for done in order:
        stored.add(done)
        confirmed = receipts.store(done) or confirmed
        assert confirmed == max((one for one in tags if stored.issuperset(t for t in tags if t <= one)), default=0)
    assert confirmed == tag

"""The token buckets, the verdict cache and the familiar addresses, on a clock moved by hand."""

import pytest

from storage.familiar import FamiliarAddresses
from storage.networks import Networks, is_static
from storage.throttle import Throttle
from storage.verdicts import Verdicts


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_an_address_may_fail_a_few_times_and_then_once_per_interval() -> None:
    clock = Clock()
    throttle = Throttle(clock, burst=3, refill_s=6)
    for _ in range(3):
        assert throttle.has_token("203.0.113.7")
        throttle.charge("203.0.113.7")
    assert not throttle.has_token("203.0.113.7")
    clock.now_s = 6
    assert throttle.has_token("203.0.113.7")
    throttle.charge("203.0.113.7")
    assert not throttle.has_token("203.0.113.7")


def test_a_long_flood_is_forgiven_as_soon_as_a_short_one() -> None:
    clock = Clock()
    throttle = Throttle(clock, burst=3, refill_s=6)
    for _ in range(10_000):
        throttle.charge("203.0.113.7")
    clock.now_s = 6
    assert throttle.has_token("203.0.113.7")


def test_one_address_does_not_pay_for_another() -> None:
    throttle = Throttle(Clock(), burst=1)
    throttle.charge("203.0.113.7")
    assert throttle.has_token("203.0.113.8")
    assert throttle.throttled() == 1


@pytest.mark.parametrize("other", ["2001:db8::2", "2001:db8:0:0:ffff::1"])
def test_a_guesser_owns_its_whole_ipv6_network(other: str) -> None:
    throttle = Throttle(Clock(), burst=1)
    throttle.charge("2001:db8::1")
    assert not throttle.has_token(other)
    assert throttle.has_token("2001:db8:0:1::1")


def test_an_ipv4_address_is_the_same_over_ipv6() -> None:
    throttle = Throttle(Clock(), burst=1)
    throttle.charge("::ffff:203.0.113.7")
    assert not throttle.has_token("203.0.113.7")


def test_the_throttle_remembers_a_bounded_number_of_addresses() -> None:
    throttle = Throttle(Clock(), burst=1, max_addresses=2)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        throttle.charge(address)
    assert throttle.throttled() == 2
    assert throttle.has_token("192.0.2.1")


def test_a_verdict_is_trusted_for_a_while() -> None:
    clock = Clock()
    verdicts = Verdicts(clock, kept_s=300)
    verdicts.remember("account:a", "lotus", True)
    verdicts.remember("account:a", "rose", False)
    assert verdicts.recall("account:a", "lotus") is True
    assert verdicts.recall("account:a", "rose") is False
    assert verdicts.recall("account:b", "lotus") is None
    clock.now_s = 300
    assert verdicts.recall("account:a", "lotus") is None


def test_wrong_guesses_push_out_no_verified_password() -> None:
    verdicts = Verdicts(Clock(), max_bad=2)
    verdicts.remember("account:a", "lotus", True)
    for number in range(10):
        verdicts.remember("account:a", f"guess {number}", False)
    assert verdicts.recall("account:a", "lotus") is True
    assert verdicts.recall("account:a", "guess 0") is None


def test_no_password_is_kept_in_the_verdicts() -> None:
    verdicts = Verdicts(Clock())
    verdicts.remember("account:a", "lotus", True)
    assert "lotus" not in repr(vars(verdicts))


def test_familiar_addresses_are_bounded_and_the_oldest_goes_first() -> None:
    familiar = FamiliarAddresses(max_pairs=2)
    familiar.remember("a", "192.0.2.1")
    familiar.remember("b", "192.0.2.1")
    familiar.remember("c", "192.0.2.3")
    assert not familiar.has("a", "192.0.2.1")
    assert familiar.has_address("192.0.2.1")
    familiar.remember("d", "192.0.2.4")
    assert not familiar.has_address("192.0.2.1")


def test_networks_hold_what_lies_in_them() -> None:
    networks = Networks(["192.0.2.0/28", "203.0.113.7", "2001:db8::/32"])
    inside = ("192.0.2.15", "203.0.113.7", "2001:db8:ffff::1", "::ffff:192.0.2.1")
    outside = ("192.0.2.16", "203.0.113.8", "2001:db9::1", "", "nonsense")
    assert all(map(networks.holds, inside))
    assert not any(map(networks.holds, outside))


@pytest.mark.parametrize(
    ("network", "static"),
    [("203.0.113.7/32", True), ("127.0.0.0/8", True), ("0.0.0.0/0", False), ("::/0", False), ("2001:db8::/32", True)],
)
def test_a_network_that_says_little_is_not_static(network: str, static: bool) -> None:
    assert is_static(network) is static

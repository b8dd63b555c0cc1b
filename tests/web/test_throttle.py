"""The waits after failed sign-ins."""

from web.throttle import ADDRESSES_KEPT, FREE_ATTEMPTS, LONGEST_WAIT_S, LoginThrottle


def exhausted(address: str, now_s: float = 0.0) -> LoginThrottle:
    throttle = LoginThrottle()
    for _ in range(FREE_ATTEMPTS):
        assert throttle.wait_s(address, now_s) == 0
    return throttle


def test_each_failure_after_the_free_ones_doubles_the_wait() -> None:
    throttle = exhausted("10.0.0.1")
    assert throttle.wait_s("10.0.0.1", 0) == 2
    assert throttle.wait_s("10.0.0.1", 2) == 0
    assert throttle.wait_s("10.0.0.1", 2) == 4


def test_the_wait_never_grows_beyond_its_limit() -> None:
    throttle, now_s = exhausted("10.0.0.1"), 0.0
    for _ in range(30):
        now_s += throttle.wait_s("10.0.0.1", now_s)
        assert throttle.wait_s("10.0.0.1", now_s) == 0
    assert throttle.wait_s("10.0.0.1", now_s) == LONGEST_WAIT_S


def test_a_success_forgives_and_another_address_never_waits() -> None:
    throttle = exhausted("10.0.0.1")
    assert throttle.wait_s("10.0.0.2", 0) == 0
    throttle.forgive("10.0.0.1")
    assert throttle.wait_s("10.0.0.1", 0) == 0


def test_memory_is_bounded_however_many_addresses_try() -> None:
    throttle = exhausted("10.0.0.1")
    for number in range(ADDRESSES_KEPT):
        throttle.wait_s(f"address {number}", 1)
    assert throttle.wait_s("10.0.0.1", 1) == 0

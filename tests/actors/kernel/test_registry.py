"""Who lives here."""

import pytest

from actors.kernel.registry import Registry
from tests.actors.kernel.stage import Noter


def test_actors_are_found_by_id_and_listed_in_the_order_they_came() -> None:
    registry = Registry()
    actors = [Noter(name) for name in ("b", "a", "c")]
    for actor in actors:
        registry.add(actor)
    assert list(registry) == actors
    assert registry.get("a") is actors[1]
    assert len(registry) == 3


def test_nobody_is_found_under_an_unknown_id() -> None:
    assert Registry().get("a") is None


def test_two_actors_cannot_share_an_id() -> None:
    registry = Registry()
    registry.add(Noter("a"))
    with pytest.raises(ValueError, match="lives here already"):
        registry.add(Noter("a"))


def test_an_actor_may_be_born_while_the_list_is_read() -> None:
    registry = Registry()
    registry.add(Noter("a"))
    for actor in registry:
        if actor.id == "a":
            registry.add(Noter("b"))
    assert len(registry) == 2

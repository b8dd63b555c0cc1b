"""A fault in one line: where, what, the mend."""

from conf.faults import ConfigFault, ConfigurationFaults, did_you_mean


def test_a_fault_names_place_value_problem_and_mend() -> None:
    fault = ConfigFault("web.bind", "x", "has no port", "write a port")
    assert str(fault) == "web.bind = 'x': has no port; write a port"


def test_a_fault_without_a_value_shows_none() -> None:
    assert str(ConfigFault("web", None, "is unknown", "take it out")) == "web: is unknown; take it out"


def test_all_faults_of_a_file_are_listed_one_a_line() -> None:
    faults = ConfigurationFaults("a.toml", [ConfigFault("x", None, "p", "m"), ConfigFault("y", None, "q", "n")])
    assert str(faults) == "a.toml: x: p; m\na.toml: y: q; n"


def test_the_nearest_known_word_is_proposed() -> None:
    assert did_you_mean("bnid", ["bind", "name"]) == "did you mean 'bind'?"


def test_far_from_every_word_all_are_listed() -> None:
    assert did_you_mean("zzz", ["bind", "name"]) == "known: bind, name"

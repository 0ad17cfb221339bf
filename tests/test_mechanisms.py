"""Mechanisms by name: one list, from which switches, names and meanings come."""

import pytest

from sandtable.mechanisms import MECHANISMS, Mechanisms


def test_all_are_on_unless_switched_off() -> None:
    assert Mechanisms().on == tuple(MECHANISMS)
    assert Mechanisms().off == ()


def test_a_name_has_hyphens_where_the_switch_has_underscores() -> None:
    some = Mechanisms().without("march-fatigue", "air")
    assert not some.march_fatigue and not some.air and some.airlift
    assert some.off == ("march-fatigue", "air")
    assert some.without("fuel").off == ("march-fatigue", "fuel", "air")
    assert set(some.on) | set(some.off) == set(MECHANISMS)


def test_only_those_named() -> None:
    assert Mechanisms.only(["cease-fire", "air"]).on == ("cease-fire", "air")
    assert Mechanisms.only(MECHANISMS) == Mechanisms()


@pytest.mark.parametrize("make", [lambda: Mechanisms.only(["fule"]),
                                  lambda: Mechanisms().without("fule")])  # fmt: skip
def test_a_wrong_name_is_an_error(make) -> None:
    with pytest.raises(KeyError, match="fule"):
        make()


def test_each_says_what_it_does() -> None:
    assert all(meaning and meaning[0].islower() for meaning in MECHANISMS.values())

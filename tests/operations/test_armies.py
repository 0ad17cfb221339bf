"""Armies and wars of operations, by the names in their tables."""

from __future__ import annotations

import pytest

from operations.made_up import operation
from sandtable.operations.armies import army_of, known_armies
from sandtable.operations.wars import war_of


@pytest.mark.parametrize(
    ("attacker", "army"),
    [
        ("Germany", "Germany"),
        ("germany ", "Germany"),
        ("Germany, Austria-Hungary", "Germany"),
        ("Austria-Hungary", "Austria"),
        ("Soviet Union", "USSR"),
        ("United States, France", "USA"),
        ("Britain, India", "Great Britain"),
        ("Poland (counteroffensive)", "Poland"),
        ("PLA", None),
        ("China", None),
        ("(unknown)", None),
        ("?", None),
    ],
)
def test_an_attacker_has_the_army_of_the_first_nation_that_is_named(
    attacker: str, army: str | None
) -> None:
    assert army_of(attacker) == army


def test_every_army_of_the_battle_table_is_known_by_its_own_name() -> None:
    assert {"Japan", "USSR", "Israel", "Ottoman Empire"} <= set(known_armies())
    assert all(army_of(nation) == nation for nation in known_armies())


@pytest.mark.parametrize(
    ("start", "attacker", "war"),
    [
        ("1914-08-17", "Russia", "First World War"),
        ("1918-11-11", "United States", "First World War"),
        ("1920-08-12", "Poland (counteroffensive)", "Polish-Soviet War"),
        ("1920-08-12", "Greece", "Greco-Turkish War"),
        ("1939-09-01", "Germany", "Second World War"),
        ("1949-04-20", "PLA", "Chinese Civil War"),
        ("1950-11-25", "China", "Korean War"),
        ("1982-07-13", "Iran", "Iran-Iraq War"),
        ("1982-06-06", "Israel", "Arab-Israeli wars"),
        # Wars that list their attackers go before those that take all.
        ("1951-05-01", "Israel", "Arab-Israeli wars"),
        ("1935-10-03", "Italy", "italy, 1930s"),
        ("1920-08-12", "Ruritania, Poland", "Polish-Soviet War"),
    ],
)
def test_a_war_goes_by_date_and_attackers(start: str, attacker: str, war: str) -> None:
    assert war_of(operation(start=start, attacker=attacker)) == war

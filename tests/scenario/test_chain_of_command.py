"""Who stands below whom: by hand, in the file's order, and with a chain at fault."""

from typing import NamedTuple

from sandtable.scenario.chain_of_command import ChainOfCommand


class Unit(NamedTuple):
    id: str
    parent: str | None = None
    type: str = "rifle"


def headquarters(id: str, parent: str | None = None) -> Unit:
    return Unit(id, parent, "headquarters")


CHAIN = ChainOfCommand(
    [
        Unit("third", "army"),
        headquarters("front"),
        headquarters("army", "front"),
        Unit("second", "front"),
        Unit("first", "army"),
        Unit("alone"),
    ]
)


def test_combat_formations_of_all_generations_in_the_files_order() -> None:
    assert CHAIN.combat_below("front") == ["third", "second", "first"]
    assert CHAIN.combat_below("army") == ["third", "first"]


def test_a_combat_formation_is_below_itself() -> None:
    assert CHAIN.combat_below("alone") == ["alone"]


def test_nobody_is_below_a_name_that_is_not_there() -> None:
    assert CHAIN.combat_below("nowhere") == []
    assert ChainOfCommand([headquarters("empty")]).combat_below("empty") == []


def test_children_are_those_directly_below() -> None:
    assert CHAIN.children["front"] == ["army", "second"]
    assert CHAIN.children[None] == ["front", "alone"]


def test_a_chain_in_a_circle_comes_to_an_end() -> None:
    circle = ChainOfCommand([headquarters("a", "b"), headquarters("b", "a"), Unit("c", "a")])
    assert circle.combat_below("a") == circle.combat_below("b") == ["c"]

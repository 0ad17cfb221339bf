"""The only list of the columns of the table of battles: kind, unit, meaning."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["ordinal", "number", "text", "texts"]
"""``texts`` are ids in order."""


class BattleColumn(NamedTuple):
    """What a column holds: its kind, the unit and the meaning."""

    kind: Kind
    unit: str
    meaning: str


def _side(unit: str, meaning: str) -> tuple[BattleColumn, BattleColumn]:
    first, *rest = (f"{meaning}, {who}" for who in ("attackers", "defenders"))
    return BattleColumn("number", unit, first), BattleColumn("number", unit, *rest)


_COMMITTED = _side("person", "persons when first counted; up to the ceiling and the front's room")
_STRENGTH = _side("effective person", "effective strength when it opens; of those that count")
_CONTACT = _side("person", "persons, when first counted, of formations that were in action")
_CASUALTIES = _side("person", "casualties in action")

BATTLE_COLUMNS: dict[str, BattleColumn] = {
    "battle": BattleColumn("ordinal", "number", "place in the order of battles, from 1"),
    "name": BattleColumn("text", "id", "army of the defence, or siege/<place>"),
    "coalition": BattleColumn("text", "id", "coalition that attacks"),
    "place": BattleColumn("text", "id", "what a phase is fought for; empty: the battle as a whole"),
    "start": BattleColumn("number", "day", "when it opens, from H-hour"),
    "end": BattleColumn("number", "day", "when it ends, from H-hour; NaN: unfinished"),
    "days": BattleColumn("number", "day", "in contact, or of a phase in action"),
    "columns": BattleColumn("texts", "id", "columns of the attack"),
    "attackers": BattleColumn("texts", "id", "formations of the attack"),
    "defenders": BattleColumn("texts", "id", "formations of the defence"),
    "attacker_committed": _COMMITTED[0],
    "defender_committed": _COMMITTED[1],
    "attacker_strength": _STRENGTH[0],
    "defender_strength": _STRENGTH[1],
    "ratio": BattleColumn("number", "ratio", "of these strengths, attackers to defenders"),
    "attacker_in_contact": _CONTACT[0],
    "defender_in_contact": _CONTACT[1],
    "attacker_casualties": _CASUALTIES[0],
    "defender_casualties": _CASUALTIES[1],
    "decision": BattleColumn("text", "id", "how it ended for the attackers"),
    "cause": BattleColumn("text", "id", "why the defence gave way; empty: it did not"),
    "ground": BattleColumn("number", "km", "ground gained; in a battle by the foremost column"),
}
"""In the order of the table, after the replication's number."""

WON, ABANDONED, REPULSED = "won", "abandoned", "repulsed"
GIVEN_UP, AT_BAY, UNFINISHED = "given up", "at bay", "unfinished"
DECISIONS: dict[str, str] = {
    WON: "the defence broke",
    ABANDONED: "nobody defended the place any more",
    REPULSED: "the attackers' staying power was used up",
    GIVEN_UP: "nobody attacked any more",
    AT_BAY: "the defence has no way out; a siege begins",
    UNFINISHED: "the campaign ended first",
}
"""How a phase ends; a battle ends as the phase of it that ended last."""

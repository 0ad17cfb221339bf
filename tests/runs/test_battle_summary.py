"""The fighting by place over a run's replications, from rows told by hand."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import numpy as np
import pytest

from sandtable.battle_columns import BATTLE_COLUMNS
from sandtable.runs.battle_summary import fights_by_place


def columns(*rows: dict[str, Any]) -> dict[str, np.ndarray]:
    plain = {
        name: 0.0 if c.kind in ("number", "ordinal") else "" for name, c in BATTLE_COLUMNS.items()
    }
    plain |= {"coalition": "attacker", "decision": "won", "replication": 0}
    whole = [plain | row for row in rows]
    return {
        name: np.array(values, dtype=object if isinstance(values[0], str) else float)
        for name in plain
        if (values := [row[name] for row in whole])
    }


def test_fights_of_one_replication_are_one_and_the_rest_are_medians() -> None:
    found = fights_by_place(
        columns(
            # The battle's own row does not count.
            {"replication": 0, "start": 1.0, "attacker_casualties": 1e6},
            {"replication": 0, "place": "b", "start": 1.0, "days": 0.5, "ratio": 2.0,
             "attacker_in_contact": 900.0, "attacker_casualties": 10.0, "decision": "repulsed"},
            {"replication": 0, "place": "b", "start": 4.0, "days": 1.5, "ratio": 9.0,
             "attacker_in_contact": 500.0, "attacker_casualties": 30.0},
            {"replication": 1, "place": "a", "start": 9.0, "ratio": nan, "decision": "abandoned"},
            {"replication": 3, "place": "b", "start": 3.0, "days": 4.0, "ratio": 4.0,
             "attacker_in_contact": 100.0, "attacker_casualties": 20.0, "decision": "unfinished"},
            {"replication": 3, "place": "b", "start": 2.0, "coalition": "defender"},
        ),
        4,
    )  # fmt: skip
    assert [(f.place, f.coalition, f.share) for f in found] == [
        ("b", "attacker", 0.5), ("b", "defender", 0.25), ("a", "attacker", 0.25),
    ]  # fmt: skip
    first, _, last = found
    # Of replications 0 and 3: (1, 3), (2, 4), (2, 4), (900, 100), (40, 20).
    assert (first.start, first.days, first.ratio) == (2.0, 3.0, 3.0)
    assert (first.attackers, first.attacker_casualties) == (500.0, 30.0)
    assert first.decisions == {"won": 0.5, "unfinished": 0.5}
    assert isnan(last.ratio) and last.decisions == {"abandoned": 1.0}


@pytest.mark.parametrize("rows", [[], [{"replication": 2}]])
def test_without_a_fight_there_is_no_place(rows: list[dict[str, Any]]) -> None:
    told = columns({}, *rows)
    assert fights_by_place({name: values[1:] for name, values in told.items()}, 3) == []

"""A validation as a whole: who counts, what is learnt, what is written."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from operations.made_up import ROWS, write
from sandtable.figures.operations import beside_record, calibration, draw_operations
from sandtable.figures.style import styled
from sandtable.operations import validate as module
from sandtable.operations.forecast import ENGINE
from sandtable.operations.play import QUANTITIES
from sandtable.operations.table import Operation, read_operations, read_records
from sandtable.operations.validate import (
    ALL,
    CORE,
    NEW,
    OperationsValidation,
    validate,
    write_forecasts,
    write_scores,
)
from sandtable.operations.wars import war_of
from sandtable.shipped import operations_root


def table(path: Path, operations: int = 24) -> Path:
    generator = np.random.default_rng(3)
    rows = []
    for i in range(operations):
        year = (1916, 1943, 1951)[i % 3]
        men, days = int(generator.integers(2000, 90_000)), int(generator.integers(2, 20))
        rows.append(
            ROWS[0]
            | {
                "operation": f"Operation {i}", "start": f"{year}-06-01", "days": days,
                "attacker": "Soviet Union" if i % 2 else "Germany",
                "attacker_strength": men, "defender_strength": int(0.6 * men + 1000),
                "attacker_losses": int(0.004 * men * days) + 1, "defender_losses": "",
                "depth_km": 4 * days, "confidence": "low" if i == 5 else "medium",
                "losses_counted": "sick counted in the losses" if i % 2 else "battle losses",
                "core": int(i % 4 == 0), "in_test_set": int(i != 6),
                "laws_know": "whole" if i == 8 else "no",
            }
        )  # fmt: skip
    return write(path, rows)


def drawn(operations: tuple[Operation, ...], *_: object) -> list[dict[str, np.ndarray]]:
    """Stand in for the engine: half an ensemble too low, half too high."""
    members = np.exp(np.linspace(-1.0, 1.0, 21))
    return [
        {
            "attacker_losses": 0.004 * o.attacker_strength * o.days * members,
            "defender_losses": 0.01 * o.defender_strength * o.days * members,
            "depth_km": 4.0 * o.days * members,
        }
        for o in operations
    ]


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OperationsValidation:
    monkeypatch.setattr(module, "play", drawn)
    return validate(table(tmp_path / "t.csv"), 21, 1, 1)


def test_groups_leave_out_low_confidence_and_parts_of_others(found: OperationsValidation) -> None:
    sizes = {name: int(rows.sum()) for name, rows in found.groups.items()}
    assert not found.groups[ALL][[5, 6]].any()
    assert sizes == {
        ALL: 22, CORE: 6, NEW: 21, "attacker germany": 11, "attacker soviet union": 11,
        "other attackers": 0,
    }  # fmt: skip


def test_a_right_engine_has_no_error_and_beats_its_rivals(found: OperationsValidation) -> None:
    scores = {(s.group, s.quantity, s.method, s.measure): s for s in found.scores}
    depth = scores[ALL, "depth_km", ENGINE, "rms"]
    assert (depth.value, depth.n) == (pytest.approx(0.0, abs=1e-9), 22)
    germany = scores["attacker germany", "attacker_losses", ENGINE, "mean"]
    assert germany.value == pytest.approx(0.0, abs=0.02)
    # Between 0.75 and 1 of the record: the mean logarithm of five parts of that range.
    sick = scores["attacker soviet union", "attacker_losses", ENGINE, "mean"].value
    assert sick == pytest.approx(np.log([0.775, 0.825, 0.875, 0.925, 0.975]).mean(), abs=0.02)
    assert scores[ALL, "attacker_losses", "one battle", "engine's skill"].value > 0.3
    # Nothing is recorded of the defender.
    assert not [s for s in found.scores if s.quantity == "defender_losses"]


def test_what_does_not_count_is_not_learnt_from(
    tmp_path: Path, found: OperationsValidation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "play", drawn)
    path = table(tmp_path / "u.csv")
    text = path.read_text()
    row = next(line for line in text.splitlines() if line.startswith("Operation 5,"))
    cells = row.split(",")
    cells[6] = "1"
    path.write_text(text.replace(row, ",".join(cells)))
    again = validate(path, 21, 1, 1)
    for method, own in found.forecasts.items():
        np.testing.assert_array_equal(
            own["attacker_losses"], again.forecasts[method]["attacker_losses"]
        )


@pytest.mark.verify
def test_tables_and_figures_are_written(found: OperationsValidation, tmp_path: Path) -> None:
    write_scores(found, tmp_path / "s.csv")
    write_forecasts(found, tmp_path / "p.csv")
    with (tmp_path / "s.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(found.scores)
    with (tmp_path / "p.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24 * 4 * len(QUANTITIES)
    own = next(r for r in rows if (r["operation"], r["method"]) == ("Operation 1", ENGINE))
    assert float(own["recorded_low"]) < float(own["recorded_high"])
    paths = draw_operations(found, tmp_path)
    assert [path.name for path in paths] == ["operations.png", "calibration.png"]


def test_a_figure_has_a_row_an_operation_and_marks_those_that_do_not_count(
    found: OperationsValidation,
) -> None:
    with styled():
        (page,) = beside_record(found)
        shares = calibration(found).axes
    assert [axes.get_title(loc="left") for axes in page.axes] == [
        "attacker's losses", "defender's losses", "depth",
    ]  # fmt: skip
    labels = page.axes[0].get_yticklabels()
    assert [label.get_text() for label in labels] == [o.name for o in found.operations]
    assert len({labels[5].get_color(), labels[6].get_color()}) == 1
    assert labels[5].get_color() != labels[7].get_color()
    assert len(shares) == 2 * len(QUANTITIES)
    engine = shares[4].lines[1]
    assert engine.get_ydata() == pytest.approx([1.0, 1.0, 1.0])


def test_the_shipped_table_is_sound_and_no_campaign_of_the_project_is_in_it() -> None:
    path = operations_root() / "operations.csv"
    operations, records = read_operations(path).operations, read_records(path)
    assert len(operations) == len(records) == 50
    assert sum(record.core for record in records) == 26
    assert {war_of(operation) for operation in operations} >= {"First World War", "Korean War"}
    for word in ("khasan", "khalkhin", "manchuria", "sakhalin", "kuril", "mutanchiang"):
        assert not [o.name for o in operations if word in o.name.lower()]
    with path.open(encoding="utf-8", newline="") as file:
        assert all(row["source"] for row in csv.DictReader(file))

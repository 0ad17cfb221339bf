"""Files of a finished study that are not what they should be: told, each with its place."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandtable.errors import InputError
from sandtable.studies.calibrate import CalibrationResult
from sandtable.studies.finished import in_numbers, read_rows
from sandtable.studies.sensitivity import SensitivityResult
from sandtable.studies.vary import VaryResult

MANIFEST: dict[str, Any] = {
    "scenario": "hill", "title": "A hill", "seed": 1, "step_days": 1.0, "variant": None,
    "overrides": [], "without": [], "headline": [], "versions": {}, "times": {},
    "digests": {"scenario": "", "overlay": None},
    "verb": "vary", "keys": ["k"], "points": [["1"], ["2"]], "outcomes": ["captured/hill"],
}  # fmt: skip
TABLE = """\
point,k,outcome,unit,n,came_about,mean,mc_error,p05,p25,p50,p75,p95,p50_error,difference,\
difference_mc_error,difference_p05,difference_p95,claim,claimant,record_low,record_high,verdict
0,1,captured/hill,day,4,1,2,0.1,1,1,2,2,3,0.1,0,0,0,0,,,,,
1,2,captured/hill,day,4,1,inf,0.1,1,1,2,2,3,0.1,0,0,0,0,,,,,
"""
SCORES = """\
point,k,kind,outcomes,score,skill_one_battle,skill_sceptic,covered_50,covered_80,covered_90
0,1,all,2,,0.5,-0.1,0.2,0.4,0.5
"""
CALIBRATION: dict[str, Any] = {
    "reached": True,
    "fitted_to": ["a"],
    "waves": [{"wave": 1, "points": 6, "share_left": 0.4, "mc_error": 0.01}],
    "ranges": [],
    "implausibility": [],
}


def folder(path: Path, **changed: object) -> Path:
    """A finished study, read by nobody's digests, with other fields in its manifest."""
    (path / "manifest.json").write_text(json.dumps(MANIFEST | changed))
    (path / "answer.txt").write_text("It depends.\n")
    (path / "table.csv").write_text(TABLE)
    (path / "scores.csv").write_text(SCORES)
    (path / "calibration.json").write_text(json.dumps(CALIBRATION))
    return path


def test_what_is_sound_is_read(tmp_path: Path) -> None:
    done = VaryResult.of(folder(tmp_path))
    assert done.answers == ["It depends."] and done.warnings == []
    assert [row["mean"] for row in done.table] == [2.0, math.inf]
    assert math.isnan(float(done.scores[0]["score"]))
    told = CalibrationResult.of(folder(tmp_path, verb="calibrate"))
    assert told.tables == CALIBRATION and told.answer == "It depends.\n"


@pytest.mark.parametrize("read", [VaryResult.of, SensitivityResult.of, CalibrationResult.of])
def test_a_folder_of_another_verb_is_refused(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"manifest\.json: verb: found 'run'; allowed: '[a-z]+'"):
        read(folder(tmp_path, verb="run"))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"keys": None}, "keys: found None; allowed: a valid"),
        ({"points": [["1"], 2]}, "points.1: found 2; allowed: a valid"),
        ({"points": [["1"]]}, "table.csv: rows: found other points or outcomes"),
        ({"outcomes": ["x"]}, "table.csv: rows: found other points or outcomes"),
        ({"changed_nothing": {}}, "changed_nothing.keys: found nothing"),
        ({"changed_nothing": {"keys": ["k"], "replications": []}}, "nothing.replications: found"),
        ({"keys": ["other"]}, "table.csv: row 1: found other columns"),
    ],
)
def test_any_field_is_held_to_its_type(
    changed: dict[str, object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        VaryResult.of(folder(tmp_path, **changed))
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a,b\n1,x,2\n", "row 2: found 3 cells; allowed: 2 cells"),
        (b"a,b\n1,x\nx\x1b,y\n", r"row 3, column a: found 'x\x1b'; allowed: a number, or empty"),
        (b"a\n1\n", "row 1: found other columns; allowed: a, b"),
        (b"", "row 1: found other columns"),
        (b"a,b\n1,\xff\n", "encoding: found byte 0xff at offset 6; allowed: UTF-8 text"),
        (b'a,b\n1,"x\n', "broken CSV (unexpected end of data)"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "broken CSV (field larger than field limit"),
        (b"a,b\n" + b"z,z\n" * 1000, "and 950 more"),
    ],
)
def test_what_is_wrong_with_a_table_is_told(content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_rows(tmp_path / "t.csv", ("a", "b"), ("a",))
    assert told in str(refused.value)


def test_an_empty_cell_is_no_number(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n,\n-inf,x\n")
    first, second = in_numbers(read_rows(tmp_path / "t.csv", ("a", "b"), ("a",)), ("a",))
    assert math.isnan(float(first["a"])) and first["b"] == ""
    assert second == {"a": -math.inf, "b": "x"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ([], "file: found list"),
        (CALIBRATION | {"waves": []}, "waves: found list; allowed: List should have at least 1"),
        (CALIBRATION | {"reached": "yes"}, "reached: found 'yes'"),
        (CALIBRATION | {"waves": [{"wave": 1}]}, "waves.0.share_left: found nothing"),
        (CALIBRATION | {"more": 1}, "more: found an unknown field"),
    ],
)
def test_what_a_calibration_came_to_is_held_to_its_types(
    changed: object, told: str, tmp_path: Path
) -> None:
    made = folder(tmp_path, verb="calibrate")
    (made / "calibration.json").write_text(json.dumps(changed))
    with pytest.raises(InputError) as refused:
        CalibrationResult.of(made)
    assert told in str(refused.value)

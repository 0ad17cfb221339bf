"""A manifest of whatever origin: what can't be used is named, with what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

import fakes
from runs.test_folder import identity
from sandtable.amounts import REPLICATIONS
from sandtable.runs.manifest_fields import faults_of

WRITTEN = {"times": {}}
"""What is known when the work is done."""
FAILED = {"replication": 3, "seed": 1, "error": "ValueError: x"}


@pytest.fixture(autouse=True)
def _toy_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(monkeypatch)


def test_a_manifest_as_it_is_written_has_no_fault() -> None:
    written = {**identity(), **WRITTEN, "failures": [FAILED], "named": {"typical": 3}}
    assert list(faults_of(written)) == []


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("failures", [{**FAILED, "replication": -1}], "list"),
        ("failures", [{**FAILED, "replication": REPLICATIONS.high}], "list"),
        ("failures", [{**FAILED, "error": None}], "list"),
        ("step_days", 0, "0"),
        ("step_days", 1.5, "1.5"),
        ("step_days", float("nan"), "nan"),
        ("replications", 0, "0"),
        ("replications", True, "True"),
        ("seed", 1.0, "1.0"),
        ("digests", {"scenario": "a"}, "dict"),
        ("named", {"typical": "3"}, "dict"),
        ("reached", {}, "dict"),
        ("reached", {"errors": {"x": "y"}, "left_out": []}, "dict"),
        ("reached", {"errors": {"x": 0.1, "y": None}, "left_out": ["z"]}, None),
        ("reached", {"errors": {"x": 10**400}, "left_out": []}, "dict"),
        ("reached", {"errors": {"x": float("nan")}, "left_out": []}, "dict"),
        ("title", "x" * 100, None),
        ("headline", "x" * 100, repr("x" * 100)[:57] + "..."),
    ],
)
def test_what_can_not_be_used_is_named(key: str, value: Any, found: str | None) -> None:
    faults = [fault[:2] for fault in faults_of({**identity(), **WRITTEN, key: value})]
    assert faults == ([] if found is None else [(key, found)])


def test_what_is_missing_is_named() -> None:
    manifest = {name: value for name, value in {**identity(), **WRITTEN}.items() if name != "seed"}
    assert [fault[:2] for fault in faults_of(manifest)] == [("seed", "nothing")]
    assert [fault[:2] for fault in faults_of(identity())] == [("times", "nothing")]

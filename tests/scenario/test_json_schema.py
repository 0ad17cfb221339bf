"""The shipped JSON Schemas are those of the models, and say of a file what `check` says."""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandtable.scenario.json_schema import file_name, schema_text
from sandtable.scenario.json_schema import schemas as made
from sandtable.scenario.measures import MEASURES

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"
REGISTERS = [ROOT / "seeds", *sorted((ROOT / "scenarios").glob("*/register"))]
SCENARIOS = sorted(
    path for path in (ROOT / "scenarios").rglob("*.toml") if path.parent not in REGISTERS
)
schemas = cache(made)
INVALID = ROOT / "tests" / "inputs" / "scenarios" / "invalid"


def as_json(value: Any) -> Any:
    """A TOML value as editors hold it against a schema: dates are texts."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(schema: str, content: Any) -> list[str]:
    validator = Draft202012Validator(schemas()[schema])
    return [error.message for error in validator.iter_errors(as_json(content))]


def faults_of(schema: str, text: str) -> list[str]:
    return faults(schema, tomllib.loads(text))


@pytest.mark.parametrize("name", schemas())
def test_what_is_shipped_is_what_the_models_give(name: str) -> None:
    Draft202012Validator.check_schema(schemas()[name])
    assert (SCHEMAS / file_name(name)).read_text("utf-8") == schema_text(schemas()[name])


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name)
def test_shipped_scenarios_keep_to_it_and_name_it(path: Path) -> None:
    text = path.read_text("utf-8")
    assert faults_of("scenario", text) == []
    mark, _, named = text.partition("\n")[0].partition(" ")
    assert mark == "#:schema"
    assert (path.parent / named).resolve() == SCHEMAS / "scenario.schema.json"


@pytest.mark.parametrize("root", REGISTERS, ids=lambda root: root.parent.name)
def test_the_registers_keep_to_it(root: Path) -> None:
    assert faults_of("sources", (root / "sources.toml").read_text("utf-8")) == []
    for folder, schema in (("facts", "facts"), ("outcomes", "claims")):
        validator = Draft202012Validator(schemas()[schema])
        for path in sorted((root / folder).glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    assert [e.message for e in validator.iter_errors(row)] == [], row["id"]


@pytest.mark.parametrize(
    "name",
    [
        "assumed-without-reason",
        "bad-id",
        "bare-number",
        "boolean-quantity",
        "empty-reason",
        "header-as-list",
        "latitude-out-of-range",
        "unknown-key",
    ],
)
def test_faults_of_one_table_show_in_the_editor(name: str) -> None:
    assert faults_of("scenario", (INVALID / f"{name}.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("25", ["25 is not of type 'object'"]),
        ("'a lot'", ["'a lot' is not of type 'object'"]),
        ("{assumed = 0.5}", ["'because' is a required property"]),
        ("{because = 'b'}", ["'fact' is a required property"]),
        ("{fact = 'f', times = 0.5}", ["'because' is a required property"]),
        ("{fact = 'f', times = 0.5, because = 'b'}", []),
        ("{fact = ['f', 'g']}", []),
        ("{assumed = [0.4, 0.7], because = 'b'}", []),
        ("{assumed = 40, because = 'b'}", ["40 is greater than the maximum of 1.0"]),
        ("{assumed = [0.4, 70], because = 'b'}", ["70 is greater than the maximum of 1.0"]),
        ("{assumed = -1, because = 'b'}", ["-1 is less than the minimum of 0.0"]),
    ],
)
def test_an_editor_says_what_is_wrong_with_a_quantity(value: str, said: list[str]) -> None:
    """In the words of the fault itself, not of alternatives that it misses."""
    formation = 'id = "a"\nname = "A"\nside = "s"\ntype = "rifle"\nechelon = "division"\n'
    text = f"[[formation]]\n{formation}effectiveness = {value}\n"
    assert faults_of("scenario", text) == said


@pytest.mark.parametrize(
    "text",
    [
        "formation.107-division.effectiveness = 0.5",
        "[formation.107-division]\npersonnel = [3000, 4000]\neffectiveness = '0.4..0.6'",
        "[axis.36-army.objectives.hailar]\nplanned = 1945-08-12T06:00:00+09:00",
        "[scenario]\nattrition = 'square'",
        "'leg.a--b.length_km' = 40",
        "[formation.107-division]\npersonnel = {assumed = 4000, because = 'a guess'}",
    ],
)
def test_an_overlay_holds_changes_only(text: str) -> None:
    assert faults_of("overlay", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "[formation.107-division]\nefectiveness = 0.5",
        "[formations.107-division]\neffectiveness = 0.5",
        "[scenario]\nattrition = 'cube'",
        "formation.107-division.effectiveness = 50",
        "[formation.107-division]\npersonnel = {assumed = 4000}",
    ],
)
def test_an_overlay_with_a_fault(text: str) -> None:
    assert faults_of("overlay", text)


def test_an_editor_shows_meaning_and_unit() -> None:
    defined = schemas()["scenario"]["$defs"]
    told = defined["OrderTable"]["properties"]["delay"]["description"]
    assert told.startswith("Days until it arrives") and told.endswith("from 0 to 3,660, in day.")
    for model, measures in MEASURES.items():
        for key, measure in measures.items():
            hint = defined[model]["properties"][key]
            assert measure.allowed in hint["description"]

"""Scenario, overlay and register as JSON Schema, by which editors complete and check them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandtable.evidence.rows import ClaimRow, FactRow, RegisterEntry, SourceEntry
from sandtable.laws.coefficients import load_coefficients
from sandtable.mechanisms import MECHANISMS
from sandtable.scenario.keys import single
from sandtable.scenario.measures import MEASURES, Measure
from sandtable.scenario.schema import ScenarioFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_NUMBER: Schema = {"type": "number"}
_RANGE: Schema = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_WORD: Schema = {"type": "string", "description": "A range as 0.5..0.7, or a date and hour."}


def schemas() -> dict[str, Schema]:
    """Return every schema by name: scenario, overlay, facts, claims and sources."""
    rows: dict[str, type[RegisterEntry]] = {"facts": FactRow, "claims": ClaimRow}
    return {
        "scenario": scenario_schema(),
        "overlay": overlay_schema(),
        **{name: _entry_schema(row, f"sandtable register: {name}") for name, row in rows.items()},
        "sources": sources_schema(),
    }


def schema_text(content: object) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def file_name(schema: str) -> str:
    """Return the name of the file that holds the schema of this name."""
    return f"{schema}.schema.json"


def scenario_schema() -> Schema:
    """Return the JSON Schema of a scenario file.

    A file of a folder that is merged holds some of the tables only, so none is required.
    """
    made = _without_null(ScenarioFile.model_json_schema(by_alias=True))
    made["$defs"]["SideTable"]["properties"]["army"]["enum"] = list(load_coefficients().nations)
    for table, key in (("Header", "mechanisms"), ("Variant", "without")):
        made["$defs"][table]["properties"][key]["items"]["enum"] = list(MECHANISMS)
    for name, measures in MEASURES.items():
        for key, measure in measures.items():
            hint = made["$defs"][name]["properties"][key]
            told = [hint.get("description", ""), f"Value: {measure.allowed}."]
            hint["description"] = " ".join(filter(None, told))
            hint.update(_limits(measure))
    return {
        "$schema": DIALECT,
        **made,
        "title": "sandtable scenario",
        "required": [],
        "description": "A scenario, or one file of a folder that holds a scenario.",
    }


def _limits(measure: Measure) -> Schema:
    """Return the range of a quantity's assumption."""
    ends = {"minimum": measure.low, "maximum": measure.high}
    return {"properties": {"assumed": {**ends, "items": ends}}}


def _bare_too(hint: Schema) -> Schema:
    """Return a quantity's key with its range for a bare number as well."""
    return {**hint, **hint.get("properties", {}).get("assumed", {})}


def overlay_schema() -> Schema:
    """Return the JSON Schema of a file of changed keys, as ``--set-file`` takes it.

    Its tables stand under their ids, every key may be absent, and a quantity may be a bare
    number, a range or a date. Key paths may also be written as one quoted key.
    """
    made = scenario_schema()
    partial = {name: _partial(name, part) for name, part in made["$defs"].items()}
    definition = {name: part["items"]["$ref"] for name, part in _lists(made).items()}
    entries = {name: _under_names({"$ref": ref}) for name, ref in definition.items()}
    return {
        "$schema": DIALECT,
        "title": "sandtable overlay",
        "description": "Changed keys of a scenario, for --set-file.",
        "type": "object",
        "properties": {**made["properties"], **entries},
        "patternProperties": {r"\.": {"description": "A key path and its new value."}},
        "additionalProperties": False,
        "$defs": partial,
    }


def sources_schema() -> Schema:
    """Return the JSON Schema of a register's ``sources.toml``."""
    entry = _entry_schema(SourceEntry, "source")
    return {
        "$schema": DIALECT,
        "title": "sandtable register: sources",
        "description": "The documents that a register draws on, each under its id.",
        **_under_names({name: part for name, part in entry.items() if name != "$schema"}),
    }


def _entry_schema(model: type[RegisterEntry], title: str) -> Schema:
    return {"$schema": DIALECT, **_without_null(model.model_json_schema()), "title": title}


def _lists(made: Mapping[str, Any]) -> Schema:
    """Return the lists of tables of a scenario file's schema, by name."""
    return {name: part for name, part in made["properties"].items() if not single(name)}


def _under_names(entry: Schema) -> Schema:
    return {"type": "object", "additionalProperties": entry}


def _partial(name: str, part: Schema) -> Schema:
    """Return one definition with every key optional, as far as a change may leave it out."""
    if name == "Quantity":
        return {"anyOf": [_NUMBER, _RANGE, _WORD, part], "description": part["description"]}
    if name == "Moment":
        moment = {"type": "string", "format": "date-time"}
        ends = {"type": "array", "items": moment, "minItems": 2, "maxItems": 2}
        return {"anyOf": [moment, ends, _WORD, part], "description": part["description"]}
    keys = {key: _bare_too(_by_place(hint)) for key, hint in part.get("properties", {}).items()}
    return {**part, "properties": keys, "required": []}


def _by_place(key: Schema) -> Schema:
    """Let a list of tables that name a place also be written as tables under these names."""
    entry = key.get("items", {})
    if "$ref" not in entry:
        return key
    return {
        "anyOf": [{"type": "array", "items": entry}, _under_names(entry)],
        **{name: value for name, value in key.items() if name in ("description", "title")},
    }


def _without_null(value: Any) -> Any:
    """Leave out null, which TOML doesn't have, with the defaults that are null."""
    if isinstance(value, list):
        return [_without_null(item) for item in value if item != {"type": "null"}]
    if not isinstance(value, dict):
        return value
    kept = {
        name: _without_null(item)
        for name, item in value.items()
        if (name, item) != ("default", None)
    }
    alternatives = kept.get("anyOf", ())
    if len(alternatives) == 1:
        del kept["anyOf"]
        return {**alternatives[0], **kept}
    return kept

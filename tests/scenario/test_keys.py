from __future__ import annotations

from pathlib import Path

from sandtable.mechanisms import MECHANISMS
from sandtable.scenario import render_markdown
from sandtable.scenario.keys import document, fields, is_list, tables
from sandtable.scenario.measures import MEASURES
from sandtable.scenario.schema import Document, Moment, Quantity
from sandtable.units import UNITS

PAGE = Path(__file__).parents[2] / "docs" / "scenario-format.md"


def _all_tables() -> set[type[Document]]:
    inner = {document(hint) for model in tables().values() for hint in fields(model).values()}
    return set(tables().values()) | {model for model in inner if model is not None}


def test_page_is_what_the_schema_gives() -> None:
    assert PAGE.read_text(encoding="utf-8") == render_markdown()


def test_every_quantity_has_one_measure() -> None:
    held = {
        (model.__name__, key)
        for model in _all_tables()
        for key, hint in fields(model).items()
        if document(hint) is Quantity
    }
    assert held == {(model, key) for model, keys in MEASURES.items() for key in keys}
    assert {measure.unit for keys in MEASURES.values() for measure in keys.values()} <= UNITS


def test_page_names_every_key() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for model in _all_tables() - {Quantity, Moment}:
        for key in fields(model):
            assert f"| `{key}` |" in page


def test_lists_of_tables_are_told_from_tables() -> None:
    axis = fields(tables()["axis"])
    assert is_list(axis["objectives"]) and not is_list(axis["fuel"])
    assert not is_list(axis["starts"])


WORDS_OF_THE_MODEL = {
    "campaign", "end", "attrition", "advance", "mechanisms", "kind", "battle", "terrain", "road",
    "obstacle", "rain", "type", "echelon",
}  # fmt: skip


def test_what_a_word_does_in_the_model_is_told() -> None:
    """Or its reader has to look into the code."""
    told = {key for model in tables().values() for key in fields(model) if _described(model, key)}
    silent = {
        key for model in tables().values() for key in fields(model) if not _described(model, key)
    }
    assert told >= WORDS_OF_THE_MODEL and not silent & WORDS_OF_THE_MODEL


def _described(model: type[Document], key: str) -> bool:
    return bool(model.model_fields["from_" if key == "from" else key].description)


def test_the_page_lists_every_mechanism() -> None:
    page = render_markdown()
    for name, what in MECHANISMS.items():
        assert f"| `{name}` | {what} |" in page

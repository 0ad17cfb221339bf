"""Each file under inputs/scenarios/invalid has one fault; beside it stands what is said of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sandtable.errors import InputError
from sandtable.scenario import load_scenario

FOLDER = Path(__file__).parents[1] / "inputs" / "scenarios" / "invalid"
FILES = sorted(path.name for path in FOLDER.glob("*.toml"))


def _without_parser_words(message: str) -> str:
    # What a parser says of broken text is Python's, and changes with it.
    return re.sub(r"broken (TOML|JSON): .*; allowed", r"broken \1; allowed", message)


@pytest.mark.parametrize("name", FILES)
def test_fault_is_told_in_full(name: str, register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    expected = Path(name).with_suffix(".txt").read_text().rstrip("\n")
    with pytest.raises(InputError) as caught:
        load_scenario(Path(name), register_root=register)
    said = str(caught.value).replace(str(register), "REGISTER")
    assert _without_parser_words(said) == _without_parser_words(expected)


def test_every_fault_has_its_message() -> None:
    assert len(FILES) > 100
    assert sorted(f"{path.stem}.toml" for path in FOLDER.glob("*.txt")) == FILES


def test_all_faults_are_told_at_once(load, variation) -> None:
    path = variation(
        ('title = "A minimal attack"', 'title = 5\nsubtitle = "none"'),
        ('kind = "village"', 'kind = "vilage"'),
        ('effectiveness = {fact = "t-value"}', "effectiveness = 0.5"),
        ('start = "hill"', 'start = "hil"'),
        ('planned = {fact = "t-term"}', 'planned = {fact = "t-tern"}'),
        ('what = "cease-fire"', 'what = "withdraw"'),
    )
    with pytest.raises(InputError) as caught:
        load(path, overrides=["axis.main.surprise=4"], without=["suprise"])
    told = {(problem.file, problem.key, problem.nearest) for problem in caught.value.problems}
    assert told == {
        (str(path), "scenario.title", None),
        (str(path), "scenario.subtitle", "title"),
        (str(path), "place.camp.kind", "village"),
        (str(path), "formation.19-division.effectiveness", None),
        (str(path), "formation.19-division.start", "hill"),
        (str(path), "axis.main.objectives.hill.planned.fact", "t-term"),
        (str(path), "order.cease.place", None),
        ("--set", "axis.main.surprise", None),
        ("--without", "mechanism", "surprise"),
    }

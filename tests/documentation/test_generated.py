"""The generated pages are those of the code, and leave nothing of it out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import sandtable
from generated import DOCS, PAGES
from python_api import OFFERED
from sandtable.battle_columns import BATTLE_COLUMNS, DECISIONS
from sandtable.cli import main
from sandtable.outcomes import FORMS, SERIES


@pytest.fixture
def help_of(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def help_(*words: str) -> str:
        with pytest.raises(SystemExit):
            main([*words, "--help"])
        return capsys.readouterr().out

    return help_


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_up_to_date(name: str) -> None:
    assert page(name) == PAGES[name](), "run `make pages` to write the pages anew"


def test_every_verb_and_option_of_the_help_is_told(help_of: Callable[..., str]) -> None:
    told = re.split(r"^## ", page("reference/command-line.md"), flags=re.MULTILINE)
    sections = {text.partition("\n")[0].strip("`"): text for text in told[1:]}
    verbs = re.findall(r"^  (\w+) ", help_of().partition("Commands:")[2], re.MULTILINE)
    assert {name.split()[0] for name in sections} == set(verbs)
    for name, text in sections.items():
        said = help_of(*name.split())
        options = set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", said, re.MULTILINE)) - {"--help"}
        assert options <= set(re.findall(r"--[\w-]+", text)), name


def test_every_outcome_series_and_column_is_told() -> None:
    rows = re.findall(r"^\| `(.*?)` \| (.*?) \|", page("reference/outcomes.md"), re.MULTILINE)
    for form in (*FORMS, *SERIES):
        assert (form.written, form.unit) in rows
    for name, column in BATTLE_COLUMNS.items():
        assert (name, column.unit) in rows
    assert set(DECISIONS.items()) <= set(rows)


def test_everything_that_the_package_offers_is_told() -> None:
    public = set(sandtable.__all__) - {"__version__"}
    assert set(OFFERED["sandtable"]) == public
    text = page("reference/python-api.md")
    for name in public:
        assert f"### `{name}`\n\n```python\n{name}(" in text or name.endswith("Error")
    # Every public method has a heading and says what it does.
    for name in ("run", "stopping_rule", "headline"):
        assert re.search(rf"#### `Campaign.{name}`\n\n```python\n.*?```\n\n[A-Z]", text, re.DOTALL)

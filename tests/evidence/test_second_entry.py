"""The register against a second entry of the documents, made from their text alone.

second_entry.csv was first typed without sight of the register, so that a slip of either entry
shows as a row without a partner. Where the two disagreed the document was read again and the
wrong one put right. A loss counted over a whole campaign, or over more theatres than are simulated,
has an open low end in both, for it only bounds the part that is simulated.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from sandtable.evidence import Claim, Fact, load_claims, load_facts
from sandtable.shipped import register_root

SECOND_ENTRY = Path(__file__).with_name("second_entry.csv")
FRONTS = ("invasion-article", range(111, 116))

Figure = tuple[str, int, str | float, str | float, str]


def value(printed: str) -> str | float:
    """A number as a number, so that 5 and 5.0 agree; a date and an open end as written."""
    try:
        return float(printed)
    except ValueError:
        return printed


def figure(source: str, line: int | str, printed: tuple[str, str], unit: str) -> Figure:
    return source, int(line), value(printed[0]), value(printed[1]), unit


@pytest.fixture(scope="module")
def entered() -> dict[Figure, list[str]]:
    """The words of the second entry's rows, by their figure."""
    rows: dict[Figure, list[str]] = {}
    with SECOND_ENTRY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = figure(row["source"], row["line"], (row["low"], row["high"]), row["unit"])
            rows.setdefault(key, []).append(row["words"])
    return rows


@pytest.fixture(scope="module")
def registered() -> Counter[Figure]:
    root = register_root()
    rows: list[Fact | Claim] = [*load_facts(root).values()]
    for path in sorted((root / "outcomes").iterdir()):
        rows += load_claims(root, path.stem)
    return Counter(
        figure(row.source, row.line, row.printed, row.unit)
        for row in rows
        if row.line is not None and row.unit != "name"
    )


def test_every_figure_entered_again_is_in_the_register(
    entered: dict[Figure, list[str]], registered: Counter[Figure]
) -> None:
    alone = [
        f"{key[0]} line {key[1]}: {key[2]}..{key[3]} {key[4]} ({', '.join(words)})"
        for key, words in entered.items()
        if registered[key] < len(words)
    ]
    assert not alone, f"{len(alone)} without a partner in the register:\n" + "\n".join(alone)


def test_the_readme_tells_how_many_figures_were_entered_again(
    entered: dict[Figure, list[str]],
) -> None:
    figures = sum(map(len, entered.values()))
    told = (register_root() / "README.md").read_text(encoding="utf-8")
    assert f"independent entry of {figures} figures" in told


def test_every_figure_of_the_fronts_was_entered_again(
    entered: dict[Figure, list[str]], registered: Counter[Figure]
) -> None:
    source, lines = FRONTS
    table = {key for key in registered if key[0] == source and key[1] in lines}
    assert len(table) == 4 * len(lines)
    assert table <= entered.keys()

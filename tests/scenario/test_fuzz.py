"""Whatever a file holds, what comes out is a scenario or an InputError."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandtable.errors import InputError
from sandtable.scenario import load_scenario

INPUTS = Path(__file__).parents[1] / "inputs" / "scenarios"
REGISTER = INPUTS / "register"
VALID = (INPUTS / "valid" / "small.toml").read_text()
LINES = VALID.splitlines()

SIZES = [50, pytest.param(500, marks=pytest.mark.verify)]

VALUES = st.one_of(
    st.sampled_from(
        [
            "0", "-1", "1e308", "-1e400", "inf", "nan", "true", "[]", "{}", "[[]]", '""',
            "1938-08-06", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "12:00:00",
            "0x" + "f" * 5000, "[1, 2]", "[1, 2, 3]", '["hill"]', '"hill"', '{fact = "t-men"}',
            '{fact = ["t-men", "t-attack"]}', '{assumed = [nan, 1], because = "x"}',
            '{assumed = 1e308, because = "x"}', '{fact = "t-men", times = 1e308, because = "x"}',
            '{assumed = 0001-01-01, because = "x"}', '{assumed = 9999-12-31, because = "x"}',
            '[{place = "hill"}]', '[{place = 5}]', '[1, {place = "hill"}]', '"' + "a" * 5000 + '"',
            '"\\u0000"', '"\\u202e"', '{a.b.c.d.e.f = 1}',
        ]
    ),
    st.text(max_size=20),
)  # fmt: skip


EDITS = st.lists(
    st.tuples(
        st.integers(0, len(LINES) - 1),
        st.sampled_from(["drop", "double", "swap", "value", "cut"]),
        st.integers(0, len(LINES) - 1),
        VALUES,
    ),
    min_size=1,
    max_size=4,
)
KEYS = st.one_of(
    st.sampled_from(
        [
            "formation.19-division.personnel", "formation.19-division.id", "scenario.start",
            "scenario.end", "axis.main.places", "axis.main.fuel", "axis.main.fuel.lift_km",
            "axis.main.objectives", "axis.main.objectives.hill.planned", "order.cease.when",
            "axis.main.objectives.hill", "variant.weak.set", "leg.camp--ford", "scenario",
            "axis.main.places.hill", "side.ussr.killed", "place.hill.lat", "place.hill.id",
        ]
    ),
    st.text(max_size=30),
)  # fmt: skip


def cases(count: int, tried: Callable[..., None], **drawn: st.SearchStrategy[object]) -> None:
    settings(max_examples=count, deadline=None)(given(**drawn)(tried))()


def _load(path: Path, **options: object) -> None:
    try:
        scenario = load_scenario(path, register_root=REGISTER, **options)  # type: ignore[arg-type]
    except InputError as error:
        assert error.problems
        assert str(error).encode("utf-8")
    else:
        assert scenario.sampler.central().places


@pytest.mark.parametrize("count", SIZES)
def test_random_bytes(count: int, tmp_path: Path) -> None:
    path = tmp_path / "random.toml"

    def tried(content: bytes) -> None:
        path.write_bytes(content)
        _load(path)

    cases(count, tried, content=st.binary(max_size=400))


@pytest.mark.parametrize("count", SIZES)
def test_mutated_lines(count: int, tmp_path: Path) -> None:
    path = tmp_path / "mutated.toml"

    def tried(edits: list[tuple[int, str, int, str]]) -> None:
        lines = list(LINES)
        for at, what, other, value in edits:
            key, equals, _ = lines[at].partition(" = ")
            if what == "drop":
                lines[at] = ""
            elif what == "double":
                lines[at] += "\n" + LINES[at]
            elif what == "swap":
                lines[at], lines[other] = lines[other], lines[at]
            elif what == "value" and equals:
                lines[at] = f"{key} = {value}"
            elif what == "cut":
                lines[at] = lines[at][: len(lines[at]) // 2]
        path.write_text("\n".join(lines), encoding="utf-8")
        _load(path)

    cases(count, tried, edits=EDITS)


@pytest.mark.parametrize("count", SIZES)
def test_random_changes(count: int) -> None:
    def tried(key: str, value: str) -> None:
        _load(INPUTS / "valid" / "small.toml", overrides=[f"{key}={value}"])

    cases(count, tried, key=KEYS, value=VALUES)


@pytest.mark.parametrize("count", SIZES)
def test_random_arguments(count: int) -> None:
    def tried(text: str) -> None:
        _load(INPUTS / "valid" / "small.toml", overrides=[text], variant=text, without=[text])

    cases(count, tried, text=st.text(st.characters(exclude_categories=()), max_size=30))

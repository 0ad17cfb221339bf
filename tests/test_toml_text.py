"""Small files that cost a parser much are refused before they are parsed; all others are read."""

from __future__ import annotations

import tomllib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.errors import InputError
from sandtable.scenario import check_scenario
from sandtable.scenario import findings as findings_module
from sandtable.toml_text import TooDeepError, parse_toml

LONG = ["a"] * 20_000


@pytest.mark.parametrize(
    "text",
    [
        ".".join(LONG) + " = 1",
        " . ".join(LONG) + " = 1",
        '."q".'.join(LONG) + " = 1",
        f"[{'.'.join(LONG)}]",
        f"[[{'.'.join(LONG)}]]",
        f"a = {{{'.'.join(LONG)} = 1}}",
        "a = " + "[" * 20_000,
        "a = " + "{b = " * 20_000,
        'a = ["""b"""", ' + "[" * 20_000,
        "a = ['''b'''', " + "[" * 20_000,
        'a = ["""""b""""", ' + "[" * 20_000,
    ],
)
def test_what_nests_too_deep_is_refused_without_a_cost(text: str) -> None:
    tracemalloc.start()
    with pytest.raises(TooDeepError):
        parse_toml(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * len(text) + 1e6


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + "x." * 100 + '"',
        "a = '" + "x." * 100 + "'",
        'a = """' + "x." * 100 + '\n[[[[" \\""" ' * 20 + '"""',
        "a = '''" + "[" * 100 + "'''",
        "# " + "a." * 100 + "\na = 1 # " + "[" * 100,
        'a = "#" # "' + "a." * 100,
        '"a.b.c.d.e.f.g.h.i.j.k.l.m.n" = 1',
        "a.b.c.d = 1.5\n[e.f.g]\nh = [[1.25, 2.5], [3, 4]]",
        'a = "\\"' + "[" * 100 + '"',
        'a = """"b""""\nc = "' + "[" * 100 + '"',
        "a = ['''''', '''''b''''', '" + "[" * 100 + "']",
    ],
)
def test_what_stands_in_text_or_comments_nests_nothing(text: str) -> None:
    assert parse_toml(text) == tomllib.loads(text)


PIECES = st.sampled_from(
    ["a", ".", " ", "=", "1", "\n", '"', "'", '"""', "'''", "#", "[", "]", "{", "}", "\\", "b.c"]
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_read_as_the_parser_reads_it(text: str) -> None:
    def outcome(read):  # type: ignore[no-untyped-def]
        try:
            return read(text)
        except TooDeepError:
            return "too deep"
        except (ValueError, RecursionError) as error:
            return str(error)

    found = outcome(parse_toml)
    assert found == outcome(tomllib.loads) or found == "too deep"
    if found == "too deep":
        assert text.count(".") >= 12 or text.count("[") + text.count("{") > 60


def test_of_thousands_of_faults_the_first_hundred_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought = 0
    nearest = findings_module.nearest

    def counted(*words):  # type: ignore[no-untyped-def]
        nonlocal sought
        sought += 1
        return nearest(*words)

    monkeypatch.setattr(findings_module, "nearest", counted)
    path = tmp_path / "bad.toml"
    path.write_text("".join(f"sied{i} = 1\n" for i in range(3000)), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check_scenario(str(path))
    lines, count = str(caught.value).splitlines(), len(caught.value.problems)
    assert count >= 3000
    assert len(lines) == 101 and lines[-1] == f"and {count - 100:,} more problems"
    # Looking for the name that was meant is what takes long.
    assert sought <= 210

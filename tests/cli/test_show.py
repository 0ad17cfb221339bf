"""`show` of a scenario: what it tells besides the quantities."""

from pathlib import Path
from typing import Any

from sandtable.laws.operational import load_operational
from sandtable.laws.planning_file import load_planning


def test_it_tells_what_is_uncertain_in_the_laws(call: Any) -> None:
    """Of each fit of operations its terms and its spread, its ranges, and those of planning."""
    said = call("show", "khalkhin-gol-1939")
    fits = load_operational()
    operations = sum(len(fit.terms) + 1 for fit in fits.regressions.values()) + len(fits.ranges)
    planning = len(load_planning().uncertain)
    told = f"fitted on battles, {operations} on operations, {planning} planning figures"
    assert told in " ".join(said.out.split())


def test_it_draws_the_order_of_battle(call: Any, tmp_path: Path) -> None:
    out = tmp_path / "kurils.svg"
    said = call("show", "kurils-1945", "--format", "svg", "--out", out)
    assert (said.code, said.out, said.err) == (0, f"written: {out}\n", "")
    assert "91st Division on Shumshu</text>" in out.read_text("utf-8")
    again = call("show", "kurils-1945", "--format", "svg", "--out", out)
    assert again.code == 2 and "--overwrite" in again.err


def test_a_format_wants_a_file_and_a_file_a_format(call: Any, tmp_path: Path) -> None:
    for words in (["--format", "svg"], ["--out", tmp_path / "x.svg"]):
        said = call("show", "kurils-1945", *words)
        assert said.code == 2
        assert said.err == "error: --format and --out: allowed together only\n"
    said = call("show", tmp_path, "--battles", "--format", "svg", "--out", tmp_path / "x.svg")
    assert said.code == 2 and "--battles: not allowed with --format" in said.err

"""``sandtable battle`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandtable import battle, combat_results_table
from sandtable.cli.output import figure
from shells import in_terminals

FORCES = "men=9000,tanks=40", "men=6000,tanks=5,quality=0.8"
FEW = ("-n", 40, "--posture", "prepared")


def test_it_prints_what_python_gives(call: Any) -> None:
    said = call("battle", *FORCES, *FEW)
    found = battle(*FORCES, posture="prepared", replications=40)
    assert said.code == 0
    for one in found.estimates:
        assert figure(one.median) in said.out
    share, error = found.chance("defender breaks")
    assert f"| defender breaks   | {share:.1%} | {error:.1%} |" in said.out
    assert "Fitted on 272 battles" in said.out and "left out of the fit" in said.out
    assert "653–2,760,000" in said.out
    told = json.loads(call("battle", *FORCES, *FEW, "--json").out)
    assert told["results"]["defender breaks"] == {"share": share, "error": error}
    assert [q["p50"] for q in told["quantities"]] == [one.median for one in found.estimates]
    assert {s["measure"] for s in told["laws"]["scores"]} >= {"rms", "inside 90", "accuracy"}
    bare = call("battle", *FORCES, *FEW, "-q")
    assert bare.out.splitlines()[0] == f"defender breaks {share:.4g}" and bare.err == ""


def test_warnings_and_faults(call: Any) -> None:
    said = call("battle", "men=300,guns=4", "men=300", "-n", 4)
    assert "warning: men of both sides: 600 lies outside the laws' battles" in said.err
    assert "warning: attacker's guns: count in no law" in said.err
    for words, told in (
        (("men=3", "men=x"),
         "error: DEFENDER: men: found 'x'; allowed: a number from 1 to 20,000,000\n"),
        (("men=3", "men=3", "--surprise", "minot"),
         "error: --surprise: found 'minot'; allowed: one of none, minor, substantial, complete, "
         "or 0 to 3; did you mean 'minor'?\n"),
        (("men=3", "men=3", "--die", "1d6"), "error: --die: allowed with --crt only\n"),
        (("men=3", "men=3", "--figure", "x.gif"),
         "error: --figure: found x.gif; allowed: a file that ends in .svg, .pdf, .png\n"),
        (("men=3", "men=3", "--crt", "--figure", "x.png"),
         "error: --figure: not allowed with --crt; --out draws the table\n"),
    ):  # fmt: skip
        said = call("battle", *words)
        assert (said.code, said.out, said.err) == (2, "", told)


def test_nothing_is_overwritten_unasked(call: Any, tmp_path: Path) -> None:
    kept = tmp_path / "x.svg"
    kept.write_text("kept", encoding="utf-8")
    for option in (("--figure", kept), ("--crt", "--out", kept)):
        said = call("battle", *FORCES, "-n", 4, *option)
        assert said.code == 2 and "allowed: a new file, or --overwrite to replace it" in said.err
    assert kept.read_text(encoding="utf-8") == "kept"
    assert call("battle", *FORCES, "-n", 4, "--figure", kept, "--overwrite").code == 0
    assert kept.read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.verify
def test_a_combat_results_table(call: Any, tmp_path: Path) -> None:
    options = (*FEW, "-j", 1, "--crt", "--odds", "1:1,3:1", "--die", "d10")
    table = combat_results_table(
        *FORCES, odds=["1:1", "3:1"], die="d10", posture="prepared", replications=40
    )
    said = call("battle", *FORCES, *options)
    for column in table.columns:
        for cell in column.cells:
            assert cell.code in said.out
    told = json.loads(call("battle", *FORCES, *options, "--json").out)
    assert told["columns"][1]["cells"][9]["result"] == table.columns[1].cells[9].result
    bare = call("battle", *FORCES, *options, "-q").out.splitlines()
    assert bare[0] == "d10\t1:1\t3:1" and len(bare) == 11
    for form, start in ((".md", "# Combat results, d10: 6,000 men"), (".csv", "odds,roll,chance"),
                        (".txt", "Combat results, d10"), (".svg", "<?xml")):  # fmt: skip
        out = tmp_path / f"crt{form}"
        assert f"written: {out}" in call("battle", *FORCES, *options, "--out", out).out
        assert out.read_text(encoding="utf-8").startswith(start)


@pytest.mark.verify
@pytest.mark.parametrize("more", [(), ("--crt", "-j", 1)])
def test_no_number_is_cut_at_80_columns(more: tuple[object, ...]) -> None:
    options = ("battle", *FORCES, "-n", 12, "--posture", "prepared", "--days", 2, *more)
    shown = in_terminals([80], *options)[80]
    assert max(map(len, shown.splitlines())) <= 80 or more
    if more:
        table = combat_results_table(*FORCES, posture="prepared", replications=12, days=2.0)
        words = {word for c in table.columns for cell in c.cells for word in cell.code.split()}
    else:
        found = battle(*FORCES, posture="prepared", replications=12, days=2.0)
        words = {figure(x) for e in found.estimates for x in e.quantiles}
    assert words <= set(shown.split())

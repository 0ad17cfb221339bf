"""``sandtable check``: warnings apart from errors."""

from __future__ import annotations

import json
from pathlib import Path

from cli.conftest import Call

IMPLAUSIBLE = Path(__file__).parents[1] / "inputs" / "scenarios" / "implausible"


def test_warnings_are_told_apart_from_errors(call: Call) -> None:
    folder = IMPLAUSIBLE / "fact-about-an-unknown-side"
    said = call("check", folder)
    assert (said.code, said.err.count("warning: ")) == (0, 1)
    assert ": sound; " in said.out
    assert "did you mean 'japan'?" in said.err
    assert call("check", folder, "--strict").code == 2
    said = call("check", folder, "--strict", "--json")
    told = json.loads(said.out)
    assert (said.code, told["sound"], len(told["warnings"])) == (2, True, 1)


def test_a_sound_scenario_is_silent(call: Call) -> None:
    said = call("check", "sedan-1940", "--strict")
    assert (said.code, said.err) == (0, "")

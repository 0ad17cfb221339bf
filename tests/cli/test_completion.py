"""What the shells complete, and that it is told without loading the model."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Call
from sandtable.mechanisms import MECHANISMS
from sandtable.scenario.keys import tables
from shipped import shipped

HILL = Path(__file__).parents[1] / "inputs" / "runs" / "hill.toml"
HEAVY = ("numpy", "scipy", "matplotlib", "simpy", "sandtable.scenario", "sandtable.evidence")
Complete = Callable[[str], list[str]]


@pytest.fixture
def completed(call: Call, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Completes the last word of a command line, as bash asks for it."""

    def complete(line: str) -> list[str]:
        for name, value in asked(line).items():
            monkeypatch.setenv(name, value)
        return call().out.split()

    return complete


def asked(line: str) -> dict[str, str]:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    return {**words, "_SANDTABLE_COMPLETE": "complete_bash"}


def test_verbs_and_options(completed: Complete) -> None:
    assert {"run", "vary", "help"} <= set(completed("sandtable "))
    assert completed("sandtable comp") == ["compare"]
    assert "--until-error" in completed("sandtable run --unt")


def test_scenarios(completed: Complete) -> None:
    shipped = [
        "khalkhin-gol-1939",
        "kurils-1945",
        "lake-khasan-1938",
        "manchuria-1945",
        "mutanchiang-1945",
        "sedan-1940",
        "south-sakhalin-1945",
    ]
    assert completed("sandtable run ") == shipped
    assert completed("sandtable show man") == ["manchuria-1945"]
    assert completed("sandtable check s") == ["sedan-1940", "south-sakhalin-1945", "seeds"]


def test_variants_of_the_scenario_that_was_named(completed: Complete) -> None:
    told = [variant.id for variant in shipped("sedan-1940").variants]
    assert completed("sandtable run sedan-1940 --variant ") == told
    assert completed(f"sandtable run {HILL} --variant weak") == ["weak-defence"]
    assert completed("sandtable run nothing --variant ") == []


def test_mechanisms(completed: Complete) -> None:
    assert completed("sandtable run sedan-1940 --without ") == list(MECHANISMS)
    assert completed("sandtable run sedan-1940 --without coh") == ["cohesion"]


def test_keys_step_by_step(completed: Complete) -> None:
    steps = completed("sandtable show manchuria-1945 ")
    assert {"axis.", "formation.", "leg."} <= set(steps)
    below = completed("sandtable run manchuria-1945 --set formation.")
    ids = {f"formation.{one.id}." for one in shipped("manchuria-1945").file.formation}
    assert set(below) == ids
    (key,) = completed("sandtable vary sedan-1940 formation.53-division.eff")
    assert key == "formation.53-division.effectiveness"
    quantities = {use.key for use in shipped("sedan-1940").quantities}
    assert key in quantities


def test_keys_are_of_tables_that_the_schema_has(completed: Complete) -> None:
    keys = completed(f"sandtable run {HILL} --set ")
    assert len(keys) > 20
    assert {key.partition(".")[0] for key in keys} <= set(tables())


@pytest.mark.processes
@pytest.mark.parametrize(
    "line",
    [
        "sandtable run manchuria-1945 --set f",
        pytest.param("sandtable run sedan-1940 --without s", marks=pytest.mark.verify),
    ],
)
def test_nothing_heavy_is_loaded(line: str) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "sandtable"]
    environment = {**os.environ, **asked(line)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split()
    names = {row.rpartition("|")[2].strip() for row in done.stderr.splitlines()}
    assert not names & set(HEAVY)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell: str, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    said = call("--show-completion", shell)
    assert said.code == 0 and "_SANDTABLE_COMPLETE" in said.out

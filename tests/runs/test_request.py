"""A request: its command line asks for the same again, and its folder tells requests apart."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from sandtable import Request, Settings, load
from sandtable.ensemble import StoppingRule
from sandtable.studies.calibrate import CalibrationSpecification, CalibrationStudy
from sandtable.studies.sensitivity import SensitivitySpecification, SensitivityStudy
from sandtable.studies.vary import VarySpecification, VaryStudy

RUNS = Path(__file__).parents[1] / "inputs" / "runs"
HILL = Request(str(RUNS / "hill.toml"))
KEY = "formation.9-division.personnel"


@pytest.fixture
def changed(tmp_path: Path) -> Request:
    overlay = tmp_path / "fitted.toml"
    overlay.write_text('"formation.9-division.personnel" = {assumed = 6000, because = "b"}\n')
    return Request(
        HILL.scenario,
        ("formation.1-division.effectiveness=0.8",),
        overlay,
        "weak-defence",
        ("cohesion",),
        HILL.register,
    )


CHANGES = (
    "--variant weak-defence --set formation.1-division.effectiveness=0.8 "
    "--set-file fitted.toml --without cohesion"
)


def requests(request: Request) -> dict[str, Request]:
    """What each verb makes of a request."""
    settings = Settings(5, seed=3)
    vary = VarySpecification((f"{KEY}=4000..5000",), "lhs", 4, ("captured/*",))
    sensitivity = SensitivitySpecification(4, 2, 64, 3, 100, ("captured/hill",))
    keys, claims = (f"{KEY}=1000..30000",), ("losses/*",)
    calibrate = CalibrationSpecification(
        keys, claims, ("losses/*=10%",), waves=2, points=6, on_average=True
    )
    return {
        "run": request.of_verb("run", settings),
        "vary": VaryStudy(request, settings, vary).request,
        "sensitivity": SensitivityStudy(request, settings, sensitivity).request,
        "calibrate": CalibrationStudy(request, settings, calibrate).request,
    }


def test_the_command_line_of_every_verb(changed: Request) -> None:
    asked = {verb: request.command for verb, request in requests(changed).items()}
    assert asked == {
        "run": f"sandtable run hill.toml -n 5 --seed 3 {CHANGES}",
        "vary": f"sandtable vary hill.toml -n 5 --seed 3 {CHANGES} {KEY}=4000..5000 "
        "--design lhs --points 4 --outcomes 'captured/*'",
        "sensitivity": f"sandtable sensitivity hill.toml --seed 3 {CHANGES} --trajectories 4 "
        "--repeats 2 --samples 64 --strongest 3 --singly 100 --outcomes captured/hill",
        "calibrate": f"sandtable calibrate hill.toml -n 5 --seed 3 {CHANGES} "
        f"--keys {KEY}=1000.0..30000.0 "
        "--claims " + shlex.quote("losses/ussr/personnel/total:Attacker's report") + " "
        "--discrepancy losses/ussr/personnel/total=70.0 --waves 2 --points 6 --on-average",
    }


def test_the_manifest_has_the_command_line() -> None:
    asked = VarySpecification((f"{KEY}=4000,5000",))
    study = VaryStudy(HILL, Settings(2), asked)
    assert study.identity["command"] == study.request.command
    rule = StoppingRule(0.05, ("captured/hill",), at_most=50)
    found = load(HILL.scenario, register=HILL.register).identity(Settings(2), rule)
    stops = "--until-error 0.05 --at-most 50 --outcomes captured/hill"
    assert found["command"] == f"sandtable run hill.toml -n 2 --seed 1 {stops}"


def test_the_default_folder_of_every_verb(changed: Request) -> None:
    plain = {verb: request.folder("hill") for verb, request in requests(HILL).items()}
    assert plain["run"] == Path("results/hill/base-n5-seed3")
    for verb in ("vary", "sensitivity", "calibrate"):
        assert plain[verb].parent == Path("results/hill")
        assert plain[verb].name.startswith(f"{verb}-")
    other = {verb: request.folder("hill") for verb, request in requests(changed).items()}
    assert other["run"].name.startswith("weak-defence-n5-seed3-")
    assert len({*plain.values(), *other.values()}) == 8
    again = {verb: request.folder("hill") for verb, request in requests(changed).items()}
    assert again == other


@pytest.mark.parametrize("verb", ["run", "vary"])
def test_whatever_is_asked_otherwise_has_another_folder(changed: Request, verb: str) -> None:
    one = changed.of_verb(verb, Settings(5), options=("a=1,2",) if verb == "vary" else ())
    others = [
        replace(one, seed=2),
        replace(one, replications=6),
        replace(one, variant=None),
        replace(one, without=()),
        replace(one, stopping=("--until-error", "0.1")),
        one.changed(["a.b=1"]),
    ]
    if verb == "vary":
        others.append(replace(one, options=("a=1,3",)))
    folders = {request.folder("hill") for request in (one, *others)}
    assert len(folders) == 1 + len(others)
    before = one.folder("hill")
    assert one.overlay is not None
    one.overlay.write_text("", encoding="utf-8")
    assert one.folder("hill") != before


def test_overrides_are_added_behind(changed: Request) -> None:
    more = changed.changed(["a.b=1", "c.d=2"])
    assert more.overrides == (*changed.overrides, "a.b=1", "c.d=2")
    assert replace(more, overrides=changed.overrides) == changed


def test_another_register_is_named_without_the_path_to_it(tmp_path: Path) -> None:
    one = replace(HILL, register=tmp_path / "mine")
    assert one.command.endswith(" --register mine")
    assert replace(one, register=tmp_path / "mine" / "..").command.endswith(tmp_path.name)
    registers = (None, Path("mine"), Path("theirs"))
    assert len({replace(HILL, register=r).folder("hill") for r in registers}) == 3


def test_a_phase_is_told_in_command_and_folder() -> None:
    asked = replace(HILL, phase="first").of_verb("run", Settings(5, seed=3))
    assert asked.command == "sandtable run hill.toml -n 5 --seed 3 --phase first"
    assert asked.folder("hill") == Path("results/hill/first-base-n5-seed3")
    assert replace(asked, phase=None).folder("hill") == Path("results/hill/base-n5-seed3")

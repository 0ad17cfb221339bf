"""Points: each is the scenario with its values, and all faults of all of them are told at once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sandtable import Request, Settings
from sandtable.errors import InputError
from sandtable.mechanisms import MECHANISMS
from sandtable.studies.vary import VarySpecification, VaryStudy
from sandtable.studies.vary.tables import OUTCOMES

RUNS = Path(__file__).parents[1] / "inputs" / "runs"
HILL = Request(str(RUNS / "hill.toml"), register=RUNS / "register")
KEY = "formation.9-division.effectiveness"


def hill(*keys: str, request: Request = HILL) -> VaryStudy:
    return VaryStudy(request, Settings(2, 1, 1), VarySpecification(keys))


def test_variants_and_mechanisms_are_dimensions() -> None:
    study = hill("variant=base,weak-defence", "without=none,cohesion+fuel")
    asked = [(point.request.variant, point.request.without) for point in study.points]
    assert asked == [
        (None, ()),
        (None, ("cohesion", "fuel")),
        ("weak-defence", ()),
        ("weak-defence", ("cohesion", "fuel")),
    ]
    assert len({point.digest for point in study.points}) == 4


def test_all_stands_for_each_variant_or_mechanism_in_turn() -> None:
    study = hill("variant=all")
    assert [point.request.variant for point in study.points] == [
        None, *(variant.id for variant in study.campaign.scenario.file.variant),
    ]  # fmt: skip
    request = replace(HILL, without=("air",))
    off = [point.request.without for point in hill("without=all", request=request).points]
    assert off == [("air",), *(("air", name) for name in MECHANISMS if name != "air")]


def test_all_of_no_variants_is_a_fault(tmp_path: Path) -> None:
    shutil.copytree(RUNS, tmp_path / "runs")
    text = (tmp_path / "runs/hill.toml").read_text("utf-8").partition("[[variant]]")[0]
    (tmp_path / "runs/hill.toml").write_text(text, "utf-8")
    base = Request(str(tmp_path / "runs/hill.toml"), register=tmp_path / "runs/register")
    with pytest.raises(InputError, match="variant=all: variant: found 'all', where the scenario"):
        hill("variant=all", request=base)


def test_facts_that_only_a_point_uses_are_part_of_the_identity(tmp_path: Path) -> None:
    shutil.copytree(RUNS / "register", tmp_path / "register")
    facts = tmp_path / "register/facts/lake-khasan-1938.csv"
    lines = facts.read_text("utf-8").splitlines()
    changed = [line.replace("high", "low") if "fm-defender" in line else line for line in lines]
    assert changed != lines
    facts.write_text("\n".join([*changed, ""]), "utf-8")
    key = "formation.9-division.personnel"
    base = replace(HILL, overrides=(f"{key}=5000",))
    told, other = (
        hill(f"{key}={{fact = 'fm-defender'}},4000", request=one).identity
        for one in (base, replace(base, register=tmp_path / "register"))
    )
    assert told["digests"] == other["digests"]
    assert told["points_digest"] != other["points_digest"]


def test_faults_of_all_points_at_once() -> None:
    with pytest.raises(InputError) as caught:
        hill(
            "formation.9-divison.effectiveness=0.3,0.5",
            "formation.1-division.effectiveness=0.5,7",
            "scenario.attrition=full,fatige",
            "variant=base,weak-defense",
            "without=none,cohesoin",
        )
    said = str(caught.value)
    for part in (
        "formation.9-divison.effectiveness=0.3,0.5: formation.9-divison.effectiveness: found",
        "did you mean 'formation.9-division'?",
        "formation.1-division.effectiveness=0.5,7: formation.1-division.effectiveness",
        "scenario.attrition=full,fatige: scenario.attrition: found 'fatige'",
        "variant=base,weak-defense: variant: found 'weak-defense'",
        "did you mean 'weak-defence'?",
        "without=none,cohesoin: mechanism: found 'cohesoin'",
    ):
        assert part in said
    assert len(caught.value.problems) == len({str(problem) for problem in caught.value.problems})


def test_a_variant_cannot_be_both() -> None:
    base = replace(HILL, variant="weak-defence")
    with pytest.raises(InputError, match="no --variant beside variant="):
        hill("variant=base,weak-defence", request=base)


def test_files_are_read_once_for_all_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandtable.studies.points._MOST_KEPT", 2)
    shutil.copytree(RUNS, tmp_path / "runs")
    base = Request(str(tmp_path / "runs/hill.toml"), register=tmp_path / "runs/register")
    counted: list[int] = []
    asked = VarySpecification((f"{KEY}=0.3..0.9:5",))
    study = VaryStudy(base, Settings(2), asked, on_point=counted.append)
    assert counted == [5] * 5
    study.campaign.claims  # noqa: B018
    _ = study.identity
    shutil.rmtree(tmp_path / "runs")
    study.run(tmp_path / "vary")
    hill(f"{KEY}=0.3..0.9:5").run(tmp_path / "whole")
    told, whole = ((tmp_path / name / OUTCOMES).read_bytes() for name in ("vary", "whole"))
    assert told == whole

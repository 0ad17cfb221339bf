"""What the points of a vary study are worth against the record."""

from __future__ import annotations

from pathlib import Path

import pytest

import sandtable
from sandtable import Request
from sandtable.ensemble import Settings
from sandtable.studies.vary import VarySpecification, VaryStudy

RUNS = Path(__file__).parents[2] / "inputs" / "runs"
REGISTER = RUNS / "register"
KEY = "formation.9-division.effectiveness"


def study(*keys: str, outcomes: tuple[str, ...] = ()) -> VaryStudy:
    request = Request(str(RUNS / "hill.toml"), register=REGISTER)
    return VaryStudy(request, Settings(8, 1, 1), VarySpecification(keys, outcomes=outcomes))


def test_a_point_has_the_score_of_a_run_of_the_same_change(tmp_path: Path) -> None:
    """Whatever outcomes are looked at; the baselines are those of the campaign as it stands."""
    found = study("without=none,cohesion", outcomes=("captured/*",)).run(tmp_path / "vary").scores
    for point, without in enumerate(([], ["cohesion"])):
        campaign = sandtable.load(RUNS / "hill.toml", register=REGISTER, without=without)
        alone = {kind.kind: kind for kind in campaign.run(8, 1).score().kinds}
        rows = {str(row["kind"]): row for row in found if row["point"] == point}
        assert rows.keys() == alone.keys() and len(rows) > 1
        for name, row in rows.items():
            assert row["outcomes"] == alone[name].outcomes
            assert row["covered_90"] == pytest.approx(alone[name].covered_90, nan_ok=True)
            assert row["score"] == pytest.approx(alone[name].score, nan_ok=True)
            if not without:
                skill = alone[name].skill["sceptic"].skill
                assert row["skill_sceptic"] == pytest.approx(skill, nan_ok=True)


def test_without_claims_there_is_no_score(tmp_path: Path) -> None:
    register = tmp_path / "register"
    (register / "facts").mkdir(parents=True)
    for path in (REGISTER / "sources.toml", *(REGISTER / "facts").iterdir()):
        (register / path.relative_to(REGISTER)).write_bytes(path.read_bytes())
    request = Request(str(RUNS / "hill.toml"), register=register)
    done = VaryStudy(request, Settings(2, 1, 1), VarySpecification((f"{KEY}=0.3,0.9",)))
    assert done.run(tmp_path / "vary").scores == []

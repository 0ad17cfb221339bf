from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sandtable.campaign import CampaignRun
from sandtable.report.material import Material
from sandtable.report.pair_data import names, notes, pair_block


def test_differences_are_of_pairs_of_one_number(khasan: CampaignRun, trained: CampaignRun) -> None:
    told = pair_block(Material.of(khasan), Material.of(trained))
    name = "losses/japan/personnel/total"
    (row,) = [row for row in told["moved"] if row["outcome"] == name]
    delta = trained.outcomes[name] - khasan.outcomes[name][:8]
    assert row["pairs"] == 8
    assert row["size"] == pytest.approx(delta.mean(), abs=1e-5)
    error = np.std(delta, ddof=1) / math.sqrt(8)
    assert float(row["error"].replace(",", "")) == pytest.approx(error, rel=6e-3)
    assert row["mean"].startswith("+") == (delta.mean() > 0)


def test_outcomes_that_nothing_moves_are_counted(khasan: CampaignRun) -> None:
    same = pair_block(Material.of(khasan), Material.of(khasan))
    assert same["moved"] == [] and same["same"] == len(khasan.manifest["headline"])


def test_runs_are_told_apart(khasan: CampaignRun, trained: CampaignRun) -> None:
    base, other = Material.of(khasan), Material.of(trained)
    assert names(base, other) == ["as it stands", "variant trained-staffs"]
    assert names(base, base) == ["as it stands, first run", "as it stands, second run"]


def seeded(manifest: Any, **changed: Any) -> Any:
    return {**manifest, **changed}


def test_a_note_says_in_what_runs_are_unlike(khasan: CampaignRun) -> None:
    manifest = khasan.manifest
    assert notes(manifest, manifest) == []
    (seed,) = notes(manifest, seeded(manifest, seed=7))
    assert "seeds differ (1 and 7)" in seed
    (count,) = notes(manifest, seeded(manifest, replications=2000))
    assert count.startswith("12 and 2,000 replications")
    # What scenario and overlay change is what the runs are called.
    digests = {**manifest["digests"], "coefficients": "0", "scenario": "0", "overlay": "0"}
    assert notes(manifest, seeded(manifest, digests=digests)) == [
        "What the runs rest on differs: coefficients."
    ]

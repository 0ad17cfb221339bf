"""Ensembles of replications, and the designs that choose what each of them runs on."""

from sandtable.ensemble.failures import Failure, ReplicationsFailed
from sandtable.ensemble.paired import Difference, paired_difference
from sandtable.ensemble.replications import (
    Part,
    Settings,
    columns,
    parts_of,
    play_again,
    run_parts,
    run_points,
)
from sandtable.ensemble.shifts import Shift, judge_shifts
from sandtable.ensemble.stopping import Reached, StoppingRule, matching, run_ensemble

__all__ = [
    "Difference",
    "Failure",
    "Part",
    "Reached",
    "ReplicationsFailed",
    "Settings",
    "Shift",
    "StoppingRule",
    "columns",
    "judge_shifts",
    "matching",
    "paired_difference",
    "parts_of",
    "play_again",
    "run_ensemble",
    "run_parts",
    "run_points",
]

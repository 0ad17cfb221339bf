"""Ensembles of replications, and the designs that choose what each of them runs on."""

from sandtable.experiments.ensemble import Part, Settings, columns, parts_of, run_parts
from sandtable.experiments.headline import Difference, headline_outcomes, paired_difference

__all__ = [
    "Difference",
    "Part",
    "Settings",
    "columns",
    "headline_outcomes",
    "paired_difference",
    "parts_of",
    "run_parts",
]

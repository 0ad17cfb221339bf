"""``compare`` of runs of different campaigns: their scores beside each other and together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandtable.cli.fitted import fitted_fields, warn_if_fitted
from sandtable.cli.headline import misses_text, skill_text
from sandtable.cli.output import figure, print_json, print_lines, print_table, print_wrapped
from sandtable.cli.tables import Recorded
from sandtable.comparison import BASELINES, INTERVALS, KindScore, Scores, summary_fields, together
from sandtable.plain_text import NBSP
from sandtable.runs import title_told
from sandtable.runs.results import read_manifest

_TOGETHER = "all together"


def are_of_different_campaigns(folders: Sequence[Path]) -> bool:
    """Whether no two finished runs are of one scenario. Raises InputError if one is no run."""
    scenarios = [read_manifest(folder)["scenario"] for folder in folders]
    return len(set(scenarios)) == len(folders)


@dataclass(frozen=True)
class Campaigns:
    """Runs of different campaigns by their folders, in the order given."""

    runs: dict[Path, Recorded]

    @classmethod
    def of(cls, folders: Sequence[Path]) -> Campaigns:
        """Read the scores of finished runs. Raises InputError with the faults of their tables."""
        return cls({folder: Recorded.of(folder) for folder in folders})

    @property
    def together(self) -> Scores:
        """The scores of all of them as if they were of one run."""
        return together({str(run.manifest["scenario"]): run.scores for run in self.runs.values()})

    def show(self, *, quiet: bool, as_json: bool) -> None:
        """Print a row a campaign and one for all together, then the worst misses by name."""
        if as_json:
            print_json(self._as_json())
        elif quiet:
            print_lines(self._lines())
        else:
            self._print()
        if not quiet:
            for folder, run in self.runs.items():
                warn_if_fitted(run.manifest, folder)

    def _as_json(self) -> dict[str, Any]:
        return {
            "runs": [
                {
                    "folder": str(folder),
                    "scenario": run.manifest["scenario"],
                    "summary": summary_fields(run.scores),
                    **fitted_fields(run.manifest),
                }
                for folder, run in self.runs.items()
            ],
            "together": summary_fields(self.together),
        }

    def _lines(self) -> list[str]:
        told = {str(run.manifest["scenario"]): run.scores for run in self.runs.values()}
        return [
            " ".join([name, *(figure(scores.all.skill[b].skill) for b in BASELINES)])
            for name, scores in [*told.items(), ("together", self.together)]
        ]

    def _print(self) -> None:
        rows = [(title_told(run.manifest), run.scores) for run in self.runs.values()]
        print_table(
            "Skill against each baseline, and how much of the record the runs hold",
            ["campaign", "outcomes>", *(f"{name.replace('_', ' ')}>" for name in BASELINES)]
            + [f"middle {percent} percent>" for percent in INTERVALS],
            [_cells(title, scores) for title, scores in [(_TOGETHER, self.together), *rows]],
        )
        print_wrapped(
            "skill: 1 is faultless, 0 as good as the baseline, less is worse; due: what a "
            "calibrated run would hold"
        )
        for (title, scores), run in zip(rows, self.runs.values(), strict=True):
            if scores.misses:
                print_wrapped(f"{title}: {misses_text(scores, run.calendar)}")


def _cells(title: str, scores: Scores) -> list[str]:
    every = scores.all
    return [
        title,
        str(every.outcomes),
        *(skill_text(every.skill[name], every.outcomes) for name in BASELINES),
        *(_held(every, percent) for percent in INTERVALS),
    ]


def _held(kind: KindScore, percent: int) -> str:
    if not kind.outcomes:
        return "–"
    held, due = (getattr(kind, f"{what}_{percent}") for what in ("covered", "nominal"))
    return f"{held:.0%}, due{NBSP}{due:.0%}"

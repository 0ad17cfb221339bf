"""What each point of a vary study is worth: its score beside that of the first point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandtable.calendar import Calendar
from sandtable.campaign import Campaign, baselines_of
from sandtable.comparison import BASELINES, Scores, compare, given, score_run, unanswered
from sandtable.comparison.scores import Array
from sandtable.plain_text import csv_text
from sandtable.studies.finished import Cell, in_numbers, read_rows

SCORES = "scores.csv"
_SKILLS = tuple(f"skill_{name}" for name in BASELINES)
_NUMBERS = ("score", *_SKILLS, "covered_50", "covered_80", "covered_90")


@dataclass(frozen=True)
class PointScorer:
    """Scores ensembles against the record of a campaign, beside the baselines of its first point.

    What an order sets is told by the campaign as it stands, so that points are scored alike.
    """

    campaign: Campaign
    seed: int

    def scores(self, points: Sequence[tuple[Mapping[str, Array], Calendar]]) -> list[Scores]:
        """Score the outcomes of each point, by name, on its calendar; nothing without claims."""
        claims = self.campaign.claims
        if not claims:
            return []
        central = self.campaign.scenario.sampler.central()
        baselines, orders = baselines_of(self.campaign, self.seed), given(central)
        return [
            score_run(
                compare(outcomes, claims, calendar=calendar, baseline={}, given=orders),
                unanswered(outcomes, claims, calendar=calendar),
                outcomes,
                scenario=central,
                baselines=baselines,
            )
            for outcomes, calendar in points
        ]


def write_point_scores(
    path: Path, keys: Sequence[str], points: Sequence[Sequence[str]], scores: Sequence[Scores]
) -> None:
    """Write scores.csv: a row a point and kind of outcome, `all` first; no row without claims."""
    rows = (
        (str(index), *points[index], kind, outcomes, *values)
        for index, at in enumerate(scores)
        for kind, outcomes, values in _kinds(at)
    )
    path.write_text(csv_text(_columns(keys), rows), encoding="utf-8", newline="")


def read_point_scores(path: Path, keys: Sequence[str]) -> list[dict[str, Cell]]:
    """Return the rows of scores.csv, numbers as numbers; an empty cell is NaN.

    Raises InputError unless it is such a table of a study of these ``keys``.
    """
    numbers = ("point", "outcomes", *_NUMBERS)
    return in_numbers(read_rows(path, _columns(keys), numbers), numbers)


def _columns(keys: Sequence[str]) -> tuple[str, ...]:
    return ("point", *keys, "kind", "outcomes", *_NUMBERS)


def _kinds(scores: Scores) -> Iterator[tuple[str, int, list[float]]]:
    for kind in scores.kinds:
        skills = [kind.skill[name].skill for name in BASELINES]
        covered = [kind.covered_50, kind.covered_80, kind.covered_90]
        yield kind.kind, kind.outcomes, [kind.score, *skills, *covered]

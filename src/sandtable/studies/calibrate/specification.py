"""What a calibration is asked: which keys may move, and which claims are to be met."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sandtable.comparison import Row, Unanswered
from sandtable.ensemble import columns
from sandtable.errors import InputError, Problem
from sandtable.studies.calibrate.calibrated_keys import KEYS, Key, read_keys
from sandtable.studies.calibrate.claims_to_meet import chosen_claims, read_discrepancies
from sandtable.studies.calibrate.method import fewest_points
from sandtable.studies.points import Points

if TYPE_CHECKING:
    from sandtable.campaign import Campaign
    from sandtable.runs import Request

_PER_KEY = 10


@dataclass(frozen=True, slots=True)
class Specification:
    """Which keys may move and which claims are to be met; ``misses`` of them may be missed.

    ``points`` are run in each of at most ``waves`` waves. ``discrepancy`` is the model's own, by
    claim, as a standard deviation in the outcome's unit. ``on_average``: the claims are to be met
    by the mean, not by one replication.
    """

    keys: tuple[Key, ...]
    claims: tuple[Row, ...]
    unanswered: tuple[Unanswered, ...]
    discrepancy: Mapping[str, float]
    waves: int
    points: int
    misses: int
    on_average: bool = False

    @classmethod
    def read(
        cls,
        campaign: Campaign,
        keys: Sequence[str],
        claims: Sequence[str],
        *,
        discrepancy: Sequence[str] = (),
        waves: int = 3,
        points: int | None = None,
        misses: int = 0,
        on_average: bool = False,
    ) -> Specification:
        """Read the question as the command line puts it; points are ten a key if not given.

        Raises InputError with every problem: unknown keys, claims that nobody makes, too few
        points to fit an emulator to, ends of ranges at which the scenario is not sound.
        """
        scenario = campaign.scenario
        read, problems = read_keys(keys, scenario)
        chosen, faults = chosen_claims(
            claims,
            campaign.claims,
            columns(scenario)[0],
            h_hour=scenario.h_hour,
            days=scenario.sampler.central().days,
        )
        sizes, amiss = read_discrepancies(discrepancy, chosen.rows)
        problems += [*faults, *amiss, *_at_the_ends(campaign, read)]
        least, count = fewest_points(len(keys)), _PER_KEY * len(keys) if points is None else points
        if count < least:
            allowed = f"at least {least} with keys: {len(keys)}, better {_PER_KEY * len(keys)}"
            problems.append(Problem("--points", "points", str(count), allowed))
        if 0 < len(chosen.rows) <= misses:
            allowed = f"fewer than the {len(chosen.rows)} claims to be met"
            problems.append(Problem("--allow-misses", "misses", str(misses), allowed))
        if problems:
            raise InputError(problems)
        return cls(read, chosen.rows, chosen.unanswered, sizes, waves, count, misses, on_average)

    def command(self, run: str) -> str:
        """Return the command line of this study, made from that of a run."""
        words = [*shlex.split(run)]
        words[1] = "calibrate"
        for key in self.keys:
            words += ["--keys", f"{key.path}={key.text(key.low)}..{key.text(key.high)}"]
        words += [
            word for row in self.claims for word in ("--claims", f"{row.outcome}:{row.claimant}")
        ]
        for row in self.claims:
            if self.discrepancy.get(row.claim):
                words += ["--discrepancy", f"{row.outcome}={self.discrepancy[row.claim]!r}"]
        words += ["--waves", str(self.waves), "--points", str(self.points)]
        words += ["--on-average"] if self.on_average else []
        return shlex.join([*words, *(["--allow-misses", str(self.misses)] if self.misses else [])])


def _at_the_ends(campaign: Campaign, keys: Sequence[Key]) -> list[Problem]:
    """What is wrong with the scenario at the lowest or the highest values of the keys."""
    paths, points = {key.path for key in keys}, Points.of(campaign)
    found: dict[Problem, None] = {}
    for share in (0.0, 1.0):
        try:
            points.scenario(asked_at(campaign.request, keys, [share] * len(keys)))
        except InputError as error:
            for problem in error.problems:
                ours = problem.key in paths and problem.file == "--set"
                found[replace(problem, file=KEYS) if ours else problem] = None
    return list(found)


def asked_at(request: Request, keys: Sequence[Key], point: Sequence[float]) -> Request:
    """Return what is asked for at a point of the unit cube."""
    changes = [f"{key.path}={key.text(key.at(u))}" for key, u in zip(keys, point, strict=True)]
    return replace(request, overrides=(*request.overrides, *changes))

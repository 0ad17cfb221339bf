"""What a calibration is asked: which keys may move, and which claims are to be met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sandtable.comparison import Row, Unanswered
from sandtable.ensemble import columns
from sandtable.errors import InputError, Problem
from sandtable.runs import repeated
from sandtable.studies.calibrate.calibrated_keys import KEYS, Key, read_keys
from sandtable.studies.calibrate.claims_to_meet import chosen_claims, read_discrepancies
from sandtable.studies.calibrate.method import fewest_points

if TYPE_CHECKING:
    from sandtable.campaign import Campaign
    from sandtable.runs import Request
    from sandtable.studies.points import Points

_PER_KEY = 10
_MOST_POINTS = 2_000


@dataclass(frozen=True, slots=True)
class CalibrationSpecification:
    """Which keys may move and which claims are to be met, as the command line puts it.

    ``keys`` are ``KEY`` or ``KEY=LOW..HIGH``, ``claims`` ``OUTCOME`` or ``OUTCOME:CLAIMANT``,
    either with ``*``, and ``discrepancy`` ``OUTCOME=VALUE``, how wrong the model may be at its
    best. ``points`` (None: ten a key) are run in each of at most ``waves`` waves; ``misses`` of
    the claims may be missed. ``on_average``: the claims are to be met by the mean, not by one
    replication.
    """

    keys: tuple[str, ...]
    claims: tuple[str, ...]
    discrepancy: tuple[str, ...] = ()
    waves: int = 3
    points: int | None = None
    misses: int = 0
    on_average: bool = False

    def task(self, campaign: Campaign, points: Points) -> MatchingTask:
        """Return what it comes to for a campaign, whose scenario ``points`` makes.

        Raises InputError with every problem: unknown keys, claims that nobody makes, too few
        points to fit an emulator to, ends of ranges at which the scenario is not sound.
        """
        scenario = campaign.scenario
        keys, problems = read_keys(self.keys, scenario)
        chosen, faults = chosen_claims(
            self.claims,
            campaign.claims,
            columns(scenario)[0],
            calendar=scenario.calendar,
        )
        sizes, amiss = read_discrepancies(self.discrepancy, chosen.rows)
        problems += [*faults, *amiss, *_at_the_ends(campaign.request, keys, points)]
        count = _PER_KEY * len(self.keys) if self.points is None else self.points
        problems += self._faults_of_numbers(count, len(chosen.rows))
        if problems:
            raise InputError(problems)
        return MatchingTask(keys, chosen.rows, chosen.unanswered, sizes, count)

    def words(self, task: MatchingTask) -> list[str]:
        """The specification as the command line writes it, each key and claim by itself."""
        ranges = [f"{key.path}={key.text(key.low)}..{key.text(key.high)}" for key in task.keys]
        claims = [f"{row.outcome}:{row.claimant}" for row in task.claims]
        wrong = [
            f"{row.outcome}={task.discrepancy[row.claim]!r}"
            for row in task.claims
            if task.discrepancy.get(row.claim)
        ]
        words = [*repeated("--keys", ranges), *repeated("--claims", claims)]
        words += repeated("--discrepancy", wrong)
        words += ["--waves", str(self.waves), "--points", str(task.points)]
        words += ["--on-average"] if self.on_average else []
        return words + (["--allow-misses", str(self.misses)] if self.misses else [])

    def _faults_of_numbers(self, points: int, claims: int) -> list[Problem]:
        problems, keys = [], len(self.keys)
        if not (least := fewest_points(keys)) <= points <= _MOST_POINTS:
            allowed = (
                f"at least {least} with keys: {keys}, better {_PER_KEY * keys}; "
                f"at most {_MOST_POINTS:,}, for an emulator is fitted to them"
            )
            problems.append(Problem("--points", "points", str(points), allowed))
        if self.waves < 1:
            allowed = "a whole number from 1"
            problems.append(Problem("--waves", "waves", str(self.waves), allowed))
        if self.misses < 0 or 0 < claims <= self.misses:
            allowed = f"a whole number from 0, fewer than the {claims} claims to be met"
            problems.append(Problem("--allow-misses", "misses", str(self.misses), allowed))
        return problems


@dataclass(frozen=True, slots=True)
class MatchingTask:
    """The keys that may move, the claims to be met, and how many ``points`` a wave has.

    ``unanswered`` are claims asked for that the scenario cannot answer. ``discrepancy`` is the
    model's own, by claim, as a standard deviation in the outcome's unit.
    """

    keys: tuple[Key, ...]
    claims: tuple[Row, ...]
    unanswered: tuple[Unanswered, ...]
    discrepancy: Mapping[str, float]
    points: int


def asked_at(request: Request, keys: Sequence[Key], point: Sequence[float]) -> Request:
    """Return what is asked for at a point of the unit cube."""
    return request.changed(
        [f"{key.path}={key.text(key.at(u))}" for key, u in zip(keys, point, strict=True)]
    )


def _at_the_ends(request: Request, keys: Sequence[Key], points: Points) -> list[Problem]:
    """What is wrong with the scenario at the lowest or the highest values of the keys."""
    paths = {key.path for key in keys}
    found: dict[Problem, None] = {}
    for share in (0.0, 1.0):
        try:
            points.scenario(asked_at(request, keys, [share] * len(keys)))
        except InputError as error:
            for problem in error.problems:
                ours = problem.key in paths and problem.file == "--set"
                found[replace(problem, file=KEYS) if ours else problem] = None
    return list(found)

"""Claims chosen by name, and what a model would have to come to if it were to meet them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from sandtable.calendar import Calendar
from sandtable.comparison import Claim
from sandtable.comparison.compare import Row, Unanswered, compare, unanswered
from sandtable.errors import Problem, nearest
from sandtable.outcomes import is_moment, split_phase
from sandtable.studies.calibrate.method import Target

CLAIMS = "--claims"
DISCREPANCY = "--discrepancy"


@dataclass(frozen=True, slots=True)
class ClaimsToMeet:
    """Claims beside which a model can be set, and those to which it has no answer."""

    rows: tuple[Row, ...]
    unanswered: tuple[Unanswered, ...]


def chosen_claims(
    patterns: Sequence[str],
    claims: Sequence[Claim],
    outcomes: Sequence[str],
    *,
    calendar: Calendar,
) -> tuple[ClaimsToMeet, list[Problem]]:
    """Choose claims by ``OUTCOME`` or ``OUTCOME:CLAIMANT``, either with ``*`` and ``?``.

    ``outcomes`` are the names that the model answers; the rest is as in ``compare``. Returns
    them in the register's order, and a problem for each pattern that fits none, or if there is
    nothing left to answer.
    """
    problems = [
        _fits_none(pattern, claims)
        for pattern in patterns
        if not any(_fits(claim, pattern) for claim in claims)
    ]
    if not patterns:
        allowed = "at least one OUTCOME or OUTCOME:CLAIMANT, as 'captured/*'"
        problems.append(Problem(CLAIMS, "claims", "none", allowed))
    wanted = [claim for claim in claims if any(_fits(claim, pattern) for pattern in patterns)]
    # The ends of the claims are asked for, not how any outcome stands to them.
    ensemble = {name: np.zeros(1) for name in outcomes}
    rows = compare(ensemble, wanted, calendar=calendar, baseline={})
    without = unanswered(ensemble, wanted, calendar=calendar)
    if wanted and not rows:
        listed = "; ".join(f"{item.claim}: {item.reason}" for item in without)
        allowed = "a claim that the scenario can answer"
        problems.append(Problem(CLAIMS, "claims", f"none that can be met ({listed})", allowed))
    return ClaimsToMeet(tuple(rows), tuple(without)), problems


def read_discrepancies(
    texts: Sequence[str], rows: Sequence[Row]
) -> tuple[dict[str, float], list[Problem]]:
    """Read ``OUTCOME=VALUE`` into the model's discrepancy by claim; globs fit several.

    The value is a standard deviation in the outcome's unit, or with ``%`` a share of the figure
    claimed. The last one that fits counts. Returns also every problem.
    """
    found: dict[str, float] = {}
    problems: list[Problem] = []
    for text in texts:
        pattern, _, value = (part.strip() for part in text.partition("="))
        size = _size(value)
        fitting = [row for row in rows if fnmatchcase(row.outcome, pattern)]
        if not fitting:
            close = nearest(pattern, [row.outcome for row in rows])
            allowed = "an outcome of the chosen claims"
            problems.append(Problem(f"{DISCREPANCY} {text}", pattern, "no claim", allowed, close))
        if size is None:
            allowed = "a number from 0 up in the outcome's unit, or a share as 10%"
            problems.append(Problem(f"{DISCREPANCY} {text}", pattern, f"'{value}'", allowed))
        else:
            number, relative = size
            found |= {row.claim: number * (_figure(row) if relative else 1.0) for row in fitting}
    return found, problems


def targets(
    rows: Sequence[Row], discrepancies: Mapping[str, float], calendar: Calendar
) -> list[Target]:
    """Return what each claim asks of the outcome's mean.

    A day that comes after the campaign's end, or never, counts as its last: a claim that
    reaches beyond has its end open.
    """
    found = []
    for row in rows:
        low, high = row.claim_low, row.claim_high
        if is_moment(row.outcome):
            until = calendar.to_end_of(split_phase(row.outcome)[0])
            low, high = min(low, until.days), float(until.until_end(high))
        discrepancy = discrepancies.get(row.claim, 0.0)
        found.append(Target(row.claim, row.outcome, low, high, discrepancy))
    return found


def _fits(claim: Claim, pattern: str) -> bool:
    outcome, colon, claimant = pattern.partition(":")
    return fnmatchcase(claim.outcome, outcome) and (
        not colon or fnmatchcase(claim.claimant, claimant)
    )


def _fits_none(pattern: str, claims: Sequence[Claim]) -> Problem:
    outcome, _, claimant = pattern.partition(":")
    names = sorted({claim.outcome for claim in claims})
    fitting = [claim for claim in claims if fnmatchcase(claim.outcome, outcome)]
    asked = pattern
    if fitting:
        names, asked = sorted({claim.claimant for claim in fitting}), claimant
    kind = "a claimant of that outcome" if fitting else "an outcome that the record claims"
    listed = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    allowed = f"{kind}: {listed or 'none, the register has no claims about this campaign'}"
    return Problem(CLAIMS, pattern, f"'{asked}'", allowed, nearest(asked, names))


def _size(text: str) -> tuple[float, bool] | None:
    relative = text.endswith("%")
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        return None
    if not (math.isfinite(number) and number >= 0):
        return None
    return number / 100 if relative else number, relative


def _figure(row: Row) -> float:
    ends = [end for end in (row.claim_low, row.claim_high) if math.isfinite(end)]
    return abs(math.fsum(ends) / len(ends))

"""Published results that can be worked out again: what was printed, and what comes out here.

Each function returns rows that set one published figure beside the same figure obtained here.
A row agrees if the published figure lies in a range about the obtained one; what that range is
stands in the row, and it was not chosen with the result in view: rounding as printed, rounding
of numerics, or a 95 percent interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, isnan, nan, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from sandtable.battles.table import BattleTable
from sandtable.errors import InputError, Problem
from sandtable.outcomes import QUIT, QUIT_CAUSES

Floats = npt.NDArray[np.float64]

NAMES = ("engel", "helmbold", "lanchester", "rates", "marches", "quit")
"""The published results, in the order in which they are shown."""

NEED_BATTLES = ("helmbold", "rates")
"""Those that are worked out from the battle table."""

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Case:
    """One published figure beside the same figure obtained here.

    ``group`` is the heading under which the row belongs; ``published`` and ``obtained`` are in
    ``unit``; ``error`` is the standard error of ``obtained``, NaN where it has none. The row
    agrees if ``published`` lies in [``low``, ``high``], and ``allowed`` says what that range is.
    ``source`` names where the figure was printed, ``basis`` what the obtained one rests on.
    """

    group: str
    quantity: str
    unit: str
    published: float
    obtained: float
    error: float
    low: float
    high: float
    allowed: str
    source: str
    basis: str

    @property
    def difference(self) -> float:
        """Obtained less published."""
        return self.obtained - self.published

    @property
    def agrees(self) -> bool | None:
        """Whether the published figure lies in the range; None if there is no range."""
        if isnan(self.low) or isnan(self.high):
            return None
        return self.low <= self.published <= self.high


# --- Helmbold's ratio -------------------------------------------------------------------------

HELMBOLD = "battles since 1900, slope given as 1.32 ± 0.09; second-hand, original not seen"
CLASSICAL = "the classical fit after Helmbold and Hartley, given as about; second-hand"
_FEWEST = 3


def helmbold(battles: BattleTable) -> list[Case]:
    """Regress ln of Helmbold's ratio on ln of the force ratio, over all battles since 1900.

    With first and last strengths x0, x of the attacker and y0, y of the defender the ratio is
    (x0² - x²) / (y0² - y²), in persons, and the force ratio x0 / y0: attacker over defender in
    both. Under the square law the ratio is constant (slope 0), under the linear law the slope
    is 1, under the logarithmic law 2, while losses are a small part. Ordinary least squares;
    battles of unknown year, without losses on both sides, or with more losses than strength
    are left out and counted. Raises InputError where fewer than 3 battles remain or all have
    the same force ratio.
    """
    x0, y0 = battles.numbers["attacker_strength"], battles.numbers["defender_strength"]
    lost_x = battles.numbers["attacker_casualties"]
    lost_y = battles.numbers["defender_casualties"]
    since = battles.years >= 1900
    whole = (lost_x > 0) & (lost_y > 0) & (lost_x <= x0) & (lost_y <= y0)
    used = since & whole
    x0, y0, lost_x, lost_y = (column[used] for column in (x0, y0, lost_x, lost_y))
    force_ratio = np.log(x0 / y0)
    _enough(battles, force_ratio)
    ratio = np.log(lost_x * (2 * x0 - lost_x)) - np.log(lost_y * (2 * y0 - lost_y))
    fit = stats.linregress(force_ratio, ratio)
    t = float(stats.t.ppf(0.975, len(ratio) - 2))
    basis = (
        f"{len(ratio)} of {len(battles)} battles; left out: {np.count_nonzero(~since)} not known"
        f" to be since 1900, {np.count_nonzero(since & ~whole)} with losses on one side only or"
        f" above the strength; in shares lost the slope is {float(fit.slope) - 2:.2f}"
    )
    slope, intercept = float(fit.slope), float(fit.intercept)
    figures = (
        ("slope", 1.32, slope, float(fit.stderr), HELMBOLD),
        ("slope", 1.35, slope, float(fit.stderr), CLASSICAL),
        ("intercept", -0.22, intercept, float(fit.intercept_stderr), CLASSICAL),
    )
    return [
        Case("ln of Helmbold's ratio on ln of the force ratio", quantity, "", published, obtained,
             error, obtained - t * error, obtained + t * error, "95 percent interval", source,
             basis)
        for quantity, published, obtained, error, source in figures
    ]  # fmt: skip


def _enough(battles: BattleTable, force_ratio: Floats) -> None:
    allowed = f"at least {_FEWEST} battles since 1900 with losses on both sides, of several ratios"
    if len(force_ratio) < _FEWEST or np.ptp(force_ratio) == 0.0:
        found = f"{len(force_ratio)} such battles of {len(battles)}"
        raise InputError([Problem(str(battles.path), "rows", found, allowed)])


# --- Rates of advance -------------------------------------------------------------------------

RATES = "medians of successful attacks; second-hand, original and its definitions not seen"
_PUBLISHED_RATES = {"hasty": 4.2, "prepared": 3.6, "fortified": 2.0}


def rates(battles: BattleTable) -> list[Case]:
    """Median rate of advance (km/day) by the defender's posture, where the attacker won.

    Distance gained over days of actual fighting. A battle of an hour in which 2 km are gained
    counts as 48 km/day so; the same medians therefore follow for battles of a day or more,
    since the published ones do not say. The interval is the exact one of the sign test (order
    statistics); with fewer than 6 battles there is none. Raises InputError where a posture has
    no battle.
    """
    days = battles.numbers["duration_days"]
    speed = battles.numbers["attacker_advance_km"] / days
    won = (battles.words["outcome"] == "attacker") & np.isfinite(speed)
    groups = (
        ("Median rate of advance, attacker won: all battles", won),
        ("Median rate of advance, attacker won: battles of a day or more", won & (days >= 1.0)),
    )
    postures = battles.words["defender_posture"]
    found = {(group, posture): speed[chosen & (postures == posture)]
             for group, chosen in groups for posture in _PUBLISHED_RATES}  # fmt: skip
    missing = [
        Problem(str(battles.path), f"defender_posture {posture}", "no battle", "at least one: "
                f"{group.partition(': ')[2]} that the attacker won, with a known advance")
        for (group, posture), values in found.items() if not len(values)
    ]  # fmt: skip
    if missing:
        raise InputError(missing)
    return [_median(group, posture, values) for (group, posture), values in found.items()]


def _median(group: str, posture: str, values: Floats) -> Case:
    # Any value will do for the tested one: only the interval is wanted.
    test: Any = stats.quantile_test(values, q=0.0, p=0.5)
    interval = test.confidence_interval(confidence_level=0.95)
    return Case(group, f"{posture} defence ({len(values)} battles)", "km/day",
                _PUBLISHED_RATES[posture], float(np.median(values)), nan, float(interval.low),
                float(interval.high), "95 percent interval", RATES,
                "distance gained over days of actual fighting")  # fmt: skip


# --- Why forces quit --------------------------------------------------------------------------

MCQUIE = (
    "R. McQuie, Battle outcomes: casualty rates as a measure of defeat,"
    " Army, November 1987, 30-34 (52 engagements); table as transcribed elsewhere"
)
_ENGAGEMENTS = 52

# McQuie's percentages, and the causes under which a run reports the same. Key ground taken (6)
# goes with envelopment, encirclement and penetration (33), because a run reports them as one;
# "other" are reinforcement of the enemy (4), artillery and air attack (2), weather (2), orders
# to withdraw (2); a cease-fire is a truce.
_REASONS: dict[str, tuple[float, tuple[str, ...]]] = {
    "envelopment, penetration, key ground": (39.0, ("encirclement", "penetration")),
    "neighbour gone": (13.0, ("neighbour-gone",)),
    "surprise": (8.0, ("surprise",)),
    "losses": (10.0, ("losses",)),
    "no reserves": (12.0, ("no-reserves",)),
    "no supply": (2.0, ("no-supply",)),
    "truce or surrender": (6.0, ("order", "surrender")),
    "other": (10.0, ("other",)),
}
MANOEUVRE = "manoeuvre (the first three)"


def quit_causes(campaign: str, shares: Mapping[str, Floats]) -> list[Case]:
    """McQuie's reasons for giving up an attack or a defence beside those of a campaign's runs.

    ``shares`` holds each outcome ``quit/<cause>`` (0 to 1), one value a replication, NaN where
    nobody was defeated. Where defeats came by the order to cease fire, the rows follow once
    more without these, the other shares made to sum to 1 in each replication. A row agrees
    within the sampling error of McQuie's 52 engagements and the Monte Carlo error together.
    Raises KeyError for a cause that is missing.
    """
    by_cause = {cause: np.asarray(shares[QUIT.name(cause=cause)]) for cause in QUIT_CAUSES}
    rows = _reasons(f"{campaign}: why forces quit", by_cause)
    ordered = by_cause["order"]
    if np.any(ordered > 0.0):
        # No defeat but by order: nothing is left to take shares of.
        rest = np.where(ordered < 1.0, 1.0 - ordered, nan)
        scaled = {cause: values / rest for cause, values in by_cause.items()}
        scaled["order"] = np.where(np.isfinite(rest), 0.0, nan)
        rows += _reasons(f"{campaign}: why forces quit, cease-fire left out", scaled)
    return rows


def _reasons(group: str, by_cause: Mapping[str, Floats]) -> list[Case]:
    reasons = dict(_REASONS)
    first = list(reasons.values())[:3]
    reasons[MANOEUVRE] = (fsum(p for p, _ in first), tuple(c for _, cs in first for c in cs))
    rows = []
    for reason, (percent, causes) in reasons.items():
        values = 100.0 * np.sum([by_cause[cause] for cause in causes], axis=0)
        values = values[np.isfinite(values)]
        n = len(values)
        mean = float(values.mean()) if n else nan
        error = float(values.std(ddof=1)) / sqrt(n) if n > 1 else nan
        sampling = sqrt(percent * (100.0 - percent) / _ENGAGEMENTS)
        margin = _Z95 * sqrt(sampling**2 + error**2)
        low, high = np.clip([mean - margin, mean + margin], 0.0, 100.0).tolist()
        rows.append(
            Case(group, reason, "percent", percent, mean, error, low, high,
                 "95 percent, 52 engagements and Monte Carlo", MCQUIE,
                 f"mean of {n} replications that had such defeats; ± is the Monte Carlo error;"
                 " no independent check, for McQuie's percentages weigh the causes in a run too")
        )  # fmt: skip
    return rows

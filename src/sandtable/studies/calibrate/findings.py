"""What a calibration found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sandtable.comparison import Row, Unanswered
from sandtable.studies.calibrate.calibrated_keys import Key
from sandtable.studies.calibrate.method import Match, Space, Target

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

Floats = NDArray[np.float64]

_SHARES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class CalibrationFindings:
    """All that a calibration found, wave by wave.

    ``claims`` and ``targets`` go together; ``replications`` were run at each point.
    """

    scenario: Scenario
    keys: tuple[Key, ...]
    claims: tuple[Row, ...]
    unanswered: tuple[Unanswered, ...]
    targets: tuple[Target, ...]
    match: Match
    replications: int

    @property
    def title(self) -> str:
        """The campaign's title."""
        return self.scenario.file.scenario.title

    @property
    def space(self) -> Space:
        """The space as the last wave leaves it."""
        return self.match.spaces[-1]

    @property
    def reached(self) -> bool:
        """Whether anything is left."""
        return bool(len(self.space.left))

    def values(self, points: Floats) -> Floats:
        """Turn points of the unit cube into values of the keys, one column a key.

        A moment stands as days from H-hour here and in ``ranges``.
        """
        columns = [[key.at(u) for u in points[:, k]] for k, key in enumerate(self.keys)]
        return np.array(columns, dtype=np.float64).reshape(len(self.keys), -1).T

    @cached_property
    def ranges(self) -> list[dict[str, Any]]:
        """For each key its range before and after; NaN where nothing is left.

        An end beyond which no point was ruled out stays where it was.
        """
        left, tried = self.values(self.space.left), self.values(self.space.points)
        best = self.values(self.space.best[None, :])[0]
        found = []
        for k, key in enumerate(self.keys):
            column = left[:, k] if self.reached else np.array([math.nan])
            low, high = float(column.min()), float(column.max())
            p05, p50, p95 = np.quantile(column, _SHARES).tolist()
            found.append(
                {
                    "key": key.path, "unit": key.unit,
                    "prior_low": key.low, "prior_high": key.high,
                    "left_low": key.low if low <= tried[:, k].min() else low,
                    "left_high": key.high if high >= tried[:, k].max() else high,
                    "p05": p05, "p50": p50, "p95": p95, "best": float(best[k]),
                }
            )  # fmt: skip
        return found

    @cached_property
    def shares(self) -> list[dict[str, Any]]:
        """For each wave how much of the ranges it leaves, with the error of sampling."""
        found = []
        for number, (space, design) in enumerate(
            zip(self.match.spaces, self.match.designs, strict=True), 1
        ):
            share, tried = space.share, len(space.points)
            error = math.sqrt(share * (1 - share) / tried)
            found.append(
                {"wave": number, "points": len(design), "share_left": share, "mc_error": error}
            )
        return found

    @cached_property
    def by_claim(self) -> list[dict[str, Any]]:
        """For each claim its part: what the best point comes to, and what it rules out alone."""
        wave, best = self.match.waves[-1], self.space.best[None, :]
        at_best = dict(zip((t.name for t in wave.targets), wave.by_target(best)[0], strict=True))
        found = []
        for row, target in zip(self.claims, self.targets, strict=True):
            emulator = wave.emulators.get(row.outcome)
            mean, error = (math.nan, math.nan)
            if emulator is not None:
                mean, error = (float(part[0]) for part in emulator.mean(best))
            chance = (
                math.nan
                if emulator is None
                else math.sqrt(float(emulator.chance(best, on_average=wave.on_average)[0]))
            )
            found.append(
                {
                    "claim": row.claim, "outcome": row.outcome, "claimant": row.claimant,
                    "claim_low": row.claim_low, "claim_high": row.claim_high, "unit": row.unit,
                    "best_mean": mean, "emulator_sd": error, "chance_sd": chance,
                    "claim_sd": math.sqrt(target.variance - target.discrepancy**2),
                    "discrepancy": target.discrepancy,
                    "implausibility": float(at_best.get(row.claim, math.nan)),
                    "ruled_out_alone": self.space.ruled_out.get(row.claim, math.nan),
                    "well_predicted": math.nan if emulator is None else emulator.well_predicted,
                }
            )  # fmt: skip
        return found

    @cached_property
    def box_share(self) -> float:
        """Share of the box about all points left that is not ruled out itself."""
        left = self.space.left
        if not len(left):
            return math.nan
        points = self.space.points
        within = np.all((points >= left.min(axis=0)) & (points <= left.max(axis=0)), axis=1)
        return len(left) / int(within.sum())

    @property
    def fitted(self) -> list[str]:
        """Ids of the claims that the fit used."""
        return [target.name for target in self.match.waves[-1].targets]

"""What a calibration found, and the tables of its folder."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandtable.comparison import Row, Unanswered
from sandtable.experiments.calibrated_keys import Key
from sandtable.experiments.calibration import Match, Space, Target, Wave
from sandtable.experiments.emulator import CUTOFF
from sandtable.record.fitted import fitted_because
from sandtable.record.partial import PartialFolder

Floats = NDArray[np.float64]

OVERLAY = "overlay.toml"
ANSWER = "answer.txt"
RESULT = "calibration.json"
TABLES = ("waves.csv", "ranges.csv", "implausibility.csv", "points.csv", "outcomes.csv")
_SHARES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Calibration:
    """All that a calibration found, wave by wave.

    ``claims`` and ``targets`` go together; ``replications`` were run at each point.
    """

    title: str
    scenario: str
    keys: tuple[Key, ...]
    claims: tuple[Row, ...]
    unanswered: tuple[Unanswered, ...]
    targets: tuple[Target, ...]
    match: Match
    replications: int

    @property
    def space(self) -> Space:
        """The space as the last wave leaves it."""
        return self.match.spaces[-1]

    @property
    def reached(self) -> bool:
        """Whether anything is left."""
        return bool(len(self.space.left))

    def values(self, points: Floats) -> Floats:
        """Turn points of the unit cube into values of the keys, one column a key."""
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


def write_calibration(folder: PartialFolder, found: Calibration, answer: str) -> list[str]:
    """Write tables, answer and, if anything is left, the overlay; return the files' names."""
    points = np.concatenate(found.match.designs)
    numbers = [n for n, design in enumerate(found.match.designs, 1) for _ in design]
    values, worst = found.values(points), _worst(found.match.waves, points)
    rows: dict[str, list[dict[str, Any]]] = {
        "waves.csv": found.shares,
        "ranges.csv": found.ranges,
        "implausibility.csv": found.by_claim,
        "points.csv": [
            {
                "point": p,
                "wave": numbers[p],
                **{key.path: values[p, k] for k, key in enumerate(found.keys)},
                "implausibility": worst[p],
            }
            for p in range(len(points))
        ],
        "outcomes.csv": [
            {"point": p, "outcome": name, "n": int(row[0]), "mean": row[1], "sd": row[2]}
            for name, table in found.match.sampled.items()
            for p, row in enumerate(table)
        ],
    }
    for name in TABLES:
        folder.write_file(name, _csv(rows[name]))
    folder.write_file(ANSWER, answer)
    result = {
        "reached": found.reached,
        "fitted_to": found.fitted,
        "waves": found.shares,
        "ranges": found.ranges,
        "implausibility": found.by_claim,
    }
    folder.write_file(RESULT, json.dumps(_finite(result), indent=2, ensure_ascii=False) + "\n")
    written = [*TABLES, ANSWER, RESULT]
    if found.reached:
        folder.write_file(OVERLAY, overlay_text(found))
        written.append(OVERLAY)
    return written


def overlay_text(found: Calibration) -> str:
    """Return the file for ``--set-file``: each key with the range left, and why."""
    because = json.dumps(fitted_because(found.fitted), ensure_ascii=False)
    lines = [
        f"# {found.title}: ranges that the claims below do not rule out.",
        "# They were found by fitting to the record: a run with them is no test of the model.",
        f"# Of the box that they span {found.box_share:.0%} is not ruled out itself.",
    ]
    for row in found.ranges:
        ends = f"[{row['left_low']!r}, {row['left_high']!r}]"
        lines.append(f'"{row["key"]}" = {{assumed = {ends}, because = {because}}}')
    return "\n".join(lines) + "\n"


def _worst(waves: Sequence[Wave], points: Floats) -> Floats:
    """The largest of the waves' verdicts on each point."""
    verdicts: Floats = np.max([wave.worst(wave.by_target(points)) for wave in waves], axis=0)
    return verdicts


def most_ruling_out(found: Calibration) -> dict[str, Any]:
    """Return the claim that rules out most of the ranges alone; of equals the most implausible."""
    told = [row for row in found.by_claim if not math.isnan(row["ruled_out_alone"])]
    return max(told, key=lambda row: (row["ruled_out_alone"], row["implausibility"]))


def answer_text(found: Calibration) -> str:
    """Say in words what came out."""
    lines = [f"{found.title}: what it would take to come to the record", ""]
    for row in found.shares:
        left = f"{row['share_left']:.3g} of the ranges (± {row['mc_error']:.1g})"
        lines.append(f"wave {row['wave']}: {row['points']} points run, {left} not ruled out")
    lines.append("")
    lines += _reached(found) if found.reached else _out_of_reach(found)
    lines += ["", *_caveats(found)]
    return "\n".join(lines) + "\n"


def _reached(found: Calibration) -> list[str]:
    lines = []
    if found.space.share == 1.0:
        lines.append(
            "These claims rule out nothing: what these keys move is small beside chance and all "
            "else that is uncertain. --on-average asks instead that the mean meets them."
        )
    lines.append("Not ruled out, by key (first the range that was looked over):")
    for row in found.ranges:
        before = f"{row['prior_low']:.6g} to {row['prior_high']:.6g}"
        after = f"{row['left_low']:.6g} to {row['left_high']:.6g}"
        unit = f" {row['unit']}" if row["unit"] else ""
        lines.append(f"  {row['key']}: {before} -> {after}{unit} (best point {row['best']:.6g})")
    worst = max(
        (row for row in found.by_claim if not math.isnan(row["implausibility"])),
        key=lambda row: row["implausibility"],
    )
    lines.append(
        f"At the best point the worst met claim is {worst['claim']} ({worst['outcome']}), "
        f"implausibility {worst['implausibility']:.2g} of {CUTOFF:g}."
    )
    lines.append(f"Of the box that these ranges span {found.box_share:.0%} is not ruled out.")
    return [*lines, f"{OVERLAY} holds them for --set-file."]


def _out_of_reach(found: Calibration) -> list[str]:
    most = most_ruling_out(found)
    return [
        "Nothing is left: with these keys within these ranges the model does not come to these "
        "claims.",
        f"{most['claim']} ({most['outcome']}, {most['claimant']}) rules out most alone: "
        f"{most['ruled_out_alone']:.1%} of the ranges.",
    ]


def _caveats(found: Calibration) -> list[str]:
    lines = [f"left out: {item.claim}: {item.reason}" for item in found.unanswered]
    used = set(found.fitted)
    lines += [
        f"left out: {row.claim}: its outcome applies at too few points"
        for row in found.claims
        if row.claim not in used
    ]
    if not any(target.discrepancy for target in found.targets):
        lines.append(
            "No discrepancy of the model was stated (--discrepancy): it is taken to be right at "
            "its best, and more is ruled out than should be if it is not."
        )
    poor = {r["outcome"]: r["well_predicted"] for r in found.by_claim if r["well_predicted"] < 0.9}
    lines += [
        f"The emulator of {name} predicts only {share:.0%} of the points left out one at a time: "
        "more --points or replications are wanted."
        for name, share in poor.items()
    ]
    return [*lines, "Fitted to the record: agreement with these claims is put in, not found."]


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.9g}"
    return value


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value

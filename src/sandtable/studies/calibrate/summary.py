"""What a calibration found, in words."""

from __future__ import annotations

import math
from typing import Any

from sandtable.studies.calibrate.emulator import CUTOFF
from sandtable.studies.calibrate.findings import CalibrationFindings
from sandtable.studies.calibrate.tables import OVERLAY


def most_ruling_out(found: CalibrationFindings) -> dict[str, Any]:
    """Return the claim that rules out most of the ranges alone; of equals the most implausible."""
    told = [row for row in found.by_claim if not math.isnan(row["ruled_out_alone"])]
    return max(told, key=lambda row: (row["ruled_out_alone"], row["implausibility"]))


def summarise(found: CalibrationFindings) -> str:
    """Say in words what came out."""
    lines = [f"{found.title}: what it would take to come to the record", ""]
    for row in found.shares:
        left = f"{row['share_left']:.3g} of the ranges (± {row['mc_error']:.1g})"
        lines.append(f"wave {row['wave']}: {row['points']} points run, {left} not ruled out")
    lines.append("")
    lines += _reached(found) if found.reached else _out_of_reach(found)
    lines += ["", *_caveats(found)]
    return "\n".join(lines) + "\n"


def _reached(found: CalibrationFindings) -> list[str]:
    lines = []
    if found.space.share == 1.0:
        nothing = "These claims rule out nothing: what these keys move is small beside "
        if found.match.waves[-1].on_average:
            lines.append(f"{nothing}the claims' own ranges and what the emulators do not know.")
        else:
            lines.append(
                f"{nothing}chance and all else that is uncertain. "
                "--on-average asks instead that the mean meets them."
            )
    lines.append("Not ruled out, by key (first the range that was looked over):")
    for row, key in zip(found.ranges, found.keys, strict=True):
        before = f"{key.told(row['prior_low'])} to {key.told(row['prior_high'])}"
        after = f"{key.told(row['left_low'])} to {key.told(row['left_high'])}"
        unit = f" {key.unit}" if key.unit else ""
        best = key.told(row["best"])
        lines.append(f"  {key.path}: {before} -> {after}{unit} (best point {best})")
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


def _out_of_reach(found: CalibrationFindings) -> list[str]:
    lines = [
        "Nothing is left: with these keys within these ranges the model does not come to these "
        f"claims. Stopped after wave {len(found.shares)}: a further one has no point to run, and "
        "there is nothing to draw.",
    ]
    alone = [row for row in found.by_claim if row["ruled_out_alone"] == 1.0]
    for row in alone or [most_ruling_out(found)]:
        lines.append(
            f"{row['claim']} ({row['outcome']}, {row['claimant']}) rules out "
            f"{row['ruled_out_alone']:.1%} of the ranges alone: the best point comes to "
            f"{row['best_mean']:.4g} {row['unit']}, where it claims {_claimed(row)}."
        )
    several = len(found.by_claim) - 1 > len(alone) > 0
    misses = f"--allow-misses {len(alone)}, " if several else ""
    return [*lines, f"What may leave something: {misses}wider ranges, other keys, --discrepancy."]


def _claimed(row: dict[str, Any]) -> str:
    low, high = row["claim_low"], row["claim_high"]
    if math.isinf(low):
        return f"{high:.4g} at most"
    if math.isinf(high):
        return f"{low:.4g} at least"
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


def _caveats(found: CalibrationFindings) -> list[str]:
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
    return [
        *lines,
        "Fitted to the record: agreement with these claims is by construction, not a finding.",
    ]

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
    lines = [f"{found.title}: calibration against the record", ""]
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
        nothing = "These claims rule out nothing: the effect of these keys is small compared with "
        if found.match.waves[-1].on_average:
            lines.append(f"{nothing}the claims' own ranges and the emulators' uncertainty.")
        else:
            lines.append(
                f"{nothing}chance and all other uncertainty. "
                "--on-average requires the mean to match them instead."
            )
    lines.append("Not ruled out, by key (searched range -> remaining range):")
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
    lines.append(f"{found.box_share:.0%} of the box spanned by these ranges is not ruled out.")
    return [*lines, f"{OVERLAY} holds them for --set-file."]


def _out_of_reach(found: CalibrationFindings) -> list[str]:
    lines = [
        "Nothing is left: within these ranges of the keys the model cannot match these claims. "
        f"Stopped after wave {len(found.shares)}: no point is left to run, and nothing to draw.",
    ]
    alone = [row for row in found.by_claim if row["ruled_out_alone"] == 1.0]
    for row in alone or [most_ruling_out(found)]:
        lines.append(
            f"{row['claim']} ({row['outcome']}, {row['claimant']}) alone rules out "
            f"{row['ruled_out_alone']:.1%} of the ranges: the best point gives "
            f"{row['best_mean']:.4g} {row['unit']}, the claim is {_claimed(row)}."
        )
    several = len(found.by_claim) - 1 > len(alone) > 0
    misses = f"--allow-misses {len(alone)}, " if several else ""
    return [*lines, f"To leave something, try: {misses}wider ranges, other keys, --discrepancy."]


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
        f"left out: {row.claim}: its outcome occurs at too few points"
        for row in found.claims
        if row.claim not in used
    ]
    if not any(target.discrepancy for target in found.targets):
        lines.append(
            "No model discrepancy was given (--discrepancy): the model is assumed to be exact at "
            "its best point, so too much may be ruled out."
        )
    poor = {r["outcome"]: r["well_predicted"] for r in found.by_claim if r["well_predicted"] < 0.9}
    lines += [
        f"The emulator of {name} predicts only {share:.0%} of the points left out one at a time: "
        "use more --points or replications."
        for name, share in poor.items()
    ]
    return [
        *lines,
        "Fitted to the record: agreement with these claims is by construction, not a finding.",
    ]

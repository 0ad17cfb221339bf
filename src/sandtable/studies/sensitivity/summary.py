"""What a sensitivity analysis says, in words: what matters most, and where the spread is from."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sandtable.studies.sensitivity.method import (
    MorrisEffect,
    OutcomeSensitivity,
    SobolIndex,
    SobolIndices,
    enough_samples,
)

WIDE = 0.1
"""Half-width of an interval, as a share of the variance, above which more samples are advised."""

_NAMED = 3
_SIGNS = {1: "raises it", -1: "lowers it", 0: "in no one direction"}


def summarise(findings: Sequence[OutcomeSensitivity], samples: int) -> list[str]:
    """Return the findings as lines of text, an outcome after the other, the precision last.

    ``samples`` is the number that was asked for; what is said of the precision rests on it.
    """
    lines = list[str]()
    for one in findings:
        lines += [*_of_outcome(one), ""]
    return [*lines, *_precision(findings, samples)]


def _precision(findings: Sequence[OutcomeSensitivity], samples: int) -> list[str]:
    halves = [
        index.first_high - index.first
        for one in findings
        if one.split is not None
        for index in one.split.groups
    ]
    if not halves:
        return ["No outcome changed, or occurred often enough to be analysed."]
    widest = max(halves)
    said = f"Every share of variance is known to within ±{widest:.2f} (95 percent interval)."
    # As printed: what reads as narrow enough is.
    if round(widest, 2) > WIDE:
        # The error falls with the root of the number of samples.
        enough = enough_samples(samples * (widest / WIDE) ** 2)
        said += f" About --samples {enough} would bring that to ±{WIDE:.2f}."
    return [said]


def _of_outcome(one: OutcomeSensitivity) -> list[str]:
    unit = f" {one.unit}" if one.unit else ""
    head = f"{one.outcome}: mean {_figure(one.mean)}{unit}, standard deviation {_figure(one.sd)}"
    if one.never:
        head += f"; never in {one.never:.1%} of runs ({one.handling})"
    lines = [head]
    if one.effects:
        lines.append("  most sensitive to: " + "; ".join(_moved(e, one.unit) for e in _top(one)))
    if one.indices is not None:
        ranked = sorted(one.indices.groups, key=lambda index: -index.total)[:_NAMED]
        lines.append("  explained most by: " + "; ".join(map(_explained, ranked)))
    if one.split is not None:
        lines.append("  variance: " + ", ".join(_split(one.split)))
    if len(lines) == 1:
        lines.append("  the same in every run, or too rare to be analysed")
    return lines


def _top(one: OutcomeSensitivity) -> list[MorrisEffect]:
    ranked = sorted(one.effects, key=lambda effect: -effect.mu_star)[:_NAMED]
    return [effect for effect in ranked if effect.mu_star > 0.0]


def _moved(effect: MorrisEffect, unit: str) -> str:
    half = effect.mu_star_high - effect.mu_star
    size = f"{_figure(effect.mu_star)} ± {_figure(half)}{f' {unit}' if unit else ''}"
    # A group of several inputs has no direction to tell of.
    sign = "" if math.isnan(effect.mu) else f", {_SIGNS[effect.sign]}"
    return f"{effect.group} ({size}{sign})"


def _explained(index: SobolIndex) -> str:
    low, high = max(0.0, index.total_low), index.total_high
    return f"{index.group} (total index {index.total:.2f}, {low:.2f} to {high:.2f})"


def _split(split: SobolIndices) -> list[str]:
    shares = [(i.group, i.first, i.first_high - i.first) for i in split.groups]
    half = split.interaction_high - split.interaction
    shares.append(("interactions", split.interaction, half))
    # An estimate below nought is one of nothing, within its error.
    return [f"{name} {max(0.0, share):.0%} ± {by:.0%}" for name, share, by in shares]


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"

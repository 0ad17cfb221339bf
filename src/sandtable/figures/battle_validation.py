"""All figures of one validation of the battle laws, each written as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt
from pathlib import Path

from matplotlib.figure import Figure

from sandtable.battles.cross_validation import ADVANCE, CASUALTIES, CROSS, WAR_OUT, WINS
from sandtable.battles.validate import Validation
from sandtable.battles.verdicts import KNOWN, SINCE
from sandtable.figures.battle_calibration import calibration
from sandtable.figures.battle_errors import error_by_era
from sandtable.figures.battle_scores import Mark, ScoreDot, scores
from sandtable.figures.battles import predicted_against_recorded
from sandtable.figures.sheet import save
from sandtable.figures.style import styled
from sandtable.vocabulary import FigureFormat


def draw_validation(found: Validation, folder: Path, form: FigureFormat = "png") -> list[Path]:
    """Draw the figures of a validation into a folder that is there; return the files."""
    with styled():
        return [save(figure, folder, name, form) for name, figure in _figures(found)]


def _figures(found: Validation) -> Iterator[tuple[str, Figure]]:
    full = {*((name, "full") for name in CASUALTIES.values()), (ADVANCE, "fitted")}
    full.add((WINS, "fitted"))
    simple = {(name, law) for name in CASUALTIES.values() for law in ("constant-rate", "fatigue")}
    simple |= {(ADVANCE, "constant"), (ADVANCE, "dupuy")}
    # One name a law: the full laws of casualties and the fitted ones of the rest are one model.
    own = [replace(p, law="full") for p in found.predictions if (p.quantity, p.law) in full]
    others = [p for p in found.predictions if (p.quantity, p.law) in simple]
    for scheme in (WAR_OUT, CROSS):
        name = scheme.replace(" ", "-")
        chosen = [p for p in own if p.scheme == scheme]
        yield f"predicted-{name}", predicted_against_recorded(chosen)
        beside = [p for p in others if p.scheme == scheme]
        yield f"errors-{name}", error_by_era([*beside, *chosen])
    yield "calibration", calibration(own)
    for battles, scheme in dict.fromkeys((s.battles, s.scheme) for s in found.scores):
        name = f"{battles} {scheme}".replace(" ", "-")
        yield f"scores-{name}", _score_figure(found, battles, scheme)


def _score_figure(found: Validation, battles: str, scheme: str) -> Figure:
    chosen = [s for s in found.scores if (s.battles, s.scheme) == (battles, scheme)]
    dots = [ScoreDot(s.law, s.quantity, s.value, s.error) for s in chosen if s.measure == "rms"]
    # The Brier score is a mean square: its root stands on one scale with probabilities.
    dots += [
        ScoreDot(s.law, s.quantity, sqrt(s.value), s.error / (2.0 * sqrt(s.value)))
        for s in chosen
        if s.measure == "brier" and s.quantity == WINS
    ]
    marks = []
    if (battles, scheme) == (SINCE, CROSS):
        rms = [(k, k.value if k.measure == "rms" else sqrt(k.value)) for k in KNOWN]
        marks = [
            Mark(f"{k.law} (known)", k.quantity, value) for k, value in rms if k.measure != "auc"
        ]
    counts = {s.quantity: s.n for s in chosen}
    return scores(dots, scheme=f"{scheme}, battles: {battles}", battles=counts, marks=marks)

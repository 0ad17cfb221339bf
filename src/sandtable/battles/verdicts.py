"""What the scores of battles held back come to: each law's, the law to choose, a factor's worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from sandtable.battles import alternatives
from sandtable.battles.cross_validation import ADVANCE, CASUALTIES, QUANTITIES, WINS
from sandtable.battles.fit import Sample
from sandtable.battles.mixed import Vector
from sandtable.battles.scoring import Mask, Scored, Statistic, difference, jackknife, pooled
from sandtable.laws.attrition import FORMS
from sandtable.laws.coefficients import FITS

Names = npt.NDArray[np.str_]

LATE = 1937
ALL_BATTLES, SINCE = "all", f"since {LATE}"
BOTH_SIDES = "casualties of both sides"

KNOWN_SOURCE = "plain regressions on other battles of the same data base"


@dataclass(frozen=True, slots=True)
class Known:
    """A known score of another's law on battles since 1937."""

    law: str
    quantity: str
    measure: str
    value: float


KNOWN = (
    Known("constant rate", CASUALTIES["attacker"], "rms", 1.07),
    Known("constant rate", CASUALTIES["defender"], "rms", 1.31),
    Known("square law", CASUALTIES["attacker"], "rms", 1.21),
    Known("square law", CASUALTIES["defender"], "rms", 1.40),
    Known("free exponents", CASUALTIES["attacker"], "rms", 0.94),
    Known("free exponents", CASUALTIES["defender"], "rms", 1.25),
    Known("ridge on all columns", CASUALTIES["attacker"], "rms", 0.86),
    Known("ridge on all columns", CASUALTIES["defender"], "rms", 0.81),
    Known("constant rate", ADVANCE, "rms", 1.61),
    Known("ridge on all columns", ADVANCE, "rms", 0.97),
    Known("regression of the outcome", WINS, "brier", 0.185),
    Known("regression of the outcome", WINS, "auc", 0.79),
)
"""What others obtained; their source is KNOWN_SOURCE."""


@dataclass(frozen=True, slots=True)
class Score:
    """One measure of one law, with its standard error over wars and the battles it rests on."""

    scheme: str
    battles: str
    quantity: str
    law: str
    terms: int
    measure: str
    value: float
    error: float
    n: int


@dataclass(frozen=True, slots=True)
class RecommendedLaw:
    """The law with the least error, those as good with fewer terms, and the one recommended.

    As good is what loses to the best by no more than one standard error of the difference;
    recommended, of all those, the law with the fewest terms. By Brier score for probabilities,
    else by root mean square error.
    """

    scheme: str
    battles: str
    quantity: str
    best: str
    as_good: tuple[str, ...]
    recommended: str


@dataclass(frozen=True, slots=True)
class Worth:
    """How much a measure of a full law rises (a loss) without a factor, and its error."""

    scheme: str
    battles: str
    quantity: str
    law: str
    factor: str
    measure: str
    change: float
    error: float
    n: int


def terms_of(quantity: str, law: str) -> int:
    """Coefficients and groups of effects that a law fits for a quantity; spreads don't count."""
    if law in alternatives.TERMS:
        return alternatives.TERMS[law]
    if law in FORMS:
        return sum(map(len, _parts(f"attrition.{law}.attacker")))
    if quantity == ADVANCE:
        return sum(map(len, _parts("advance.fitted")))
    # Ground gained or not: the odds of the winner and a share for either outcome.
    return sum(map(len, _parts("outcome.odds"))) + (0 if quantity == WINS else 2)


def _parts(name: str) -> tuple[tuple[str, ...], ...]:
    terms = FITS[name]
    return terms.core, terms.features, terms.groups


def years_of(sample: Sample) -> Vector:
    """Year of each battle."""
    return np.array([battle.year for battle in sample.battles])


def wars_of(sample: Sample) -> Names:
    """War of each battle, empty where unknown."""
    return np.array([battle.war for battle in sample.battles])


def _sets(sample: Sample) -> Iterator[tuple[str, Mask]]:
    """The battles over which scores are taken, by name; those since 1937 only if not all are."""
    late = years_of(sample) >= LATE
    yield ALL_BATTLES, np.ones(len(sample), dtype=np.bool_)
    if late.any() and not late.all():
        yield SINCE, late


def scores(sample: Sample, scored: Sequence[Scored]) -> Iterator[Score]:
    """Every measure of every law, on all battles and on late ones."""
    wars = wars_of(sample)
    for battles, chosen in _sets(sample):
        for one in scored:
            f, rows = one.foretold, chosen & one.known
            if not rows.any():
                continue
            terms, n = terms_of(f.quantity, f.law), int(rows.sum())
            for measure in one.measures:
                value, error = jackknife(one.statistic(measure), rows, wars)
                yield Score(f.scheme, battles, f.quantity, f.law, terms, measure, value, error, n)


def choices(sample: Sample, scored: Sequence[Scored]) -> Iterator[RecommendedLaw]:
    """The law to choose for every quantity, by each scheme; ``scored`` scheme after scheme."""
    wars = wars_of(sample)

    def by_scheme(one: Scored) -> str:
        return one.foretold.scheme

    for battles, chosen in _sets(sample):
        for scheme, group in groupby(scored, by_scheme):
            own = list(group)
            for quantity in (BOTH_SIDES, *QUANTITIES):
                laws, rows = _candidates(own, quantity)
                rows &= chosen
                if rows.any():
                    yield _choice(laws, rows, wars, (scheme, battles, quantity))


def _candidates(scored: Sequence[Scored], quantity: str) -> tuple[dict[str, Statistic], Mask]:
    """The laws of a quantity (or of both sides' casualties), and the battles to judge them on."""
    wanted = CASUALTIES.values() if quantity == BOTH_SIDES else (quantity,)
    found: dict[str, list[Statistic]] = {}
    rows = np.ones(len(scored[0].known), dtype=np.bool_)
    for one in scored:
        if one.foretold.quantity in wanted:
            found.setdefault(one.foretold.law, []).append(one.statistic(one.measures[0]))
            rows &= one.known
    laws = {law: own[0] if len(own) == 1 else pooled(own) for law, own in found.items()}
    return laws, rows


def _choice(
    laws: dict[str, Statistic], rows: Mask, wars: Names,
    where: tuple[str, str, str],
) -> RecommendedLaw:  # fmt: skip
    quantity = where[2]
    values = {law: statistic(rows) for law, statistic in laws.items()}
    best = min(values, key=values.__getitem__)
    terms = {law: terms_of(quantity, law) for law in laws}
    as_good = []
    for law in laws:
        if terms[law] < terms[best]:
            loss, error = jackknife(difference(laws[law], laws[best]), rows, wars)
            if loss <= error:
                as_good.append(law)
    recommended = min([best, *as_good], key=lambda law: (terms[law], values[law]))
    return RecommendedLaw(*where, best, tuple(as_good), recommended)


def worths(sample: Sample, scored: Sequence[Scored], without: Sequence[Scored]) -> Iterator[Worth]:
    """What the full laws in ``scored`` lose ``without`` each factor."""
    wars = wars_of(sample)
    full = {(o.foretold.scheme, o.foretold.quantity, o.foretold.law): o for o in scored}
    for battles, chosen in _sets(sample):
        for one in without:
            f, rows, measure = one.foretold, chosen & one.known, one.measures[0]
            whole = full[f.scheme, f.quantity, f.law].statistic(measure)
            if rows.any():
                found = jackknife(difference(one.statistic(measure), whole), rows, wars)
                yield Worth(
                    f.scheme, battles, f.quantity, f.law, f.factor, measure, *found, int(rows.sum())
                )

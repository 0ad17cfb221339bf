"""The fitted coefficients: estimates with their covariance, effects and spreads.

`coefficients.toml` is written by the fit on the battle table; nothing in it is set by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from sys import float_info
from typing import TYPE_CHECKING, Any

from sandtable.errors import InputError, Problem, nearest
from sandtable.files import read_bounded
from sandtable.laws.advance import GROUND
from sandtable.laws.attrition import FORMS
from sandtable.laws.circumstances import NUMBERS, Scale, nation_of
from sandtable.laws.fitted import NATIONS, Effects, Fit, Terms
from sandtable.laws.outcome import ODDS, PACE
from sandtable.laws.table_range import Span, TableRange
from sandtable.toml_text import MAX_BYTES, toml_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

SIDES = ("attacker", "defender")
FITS: dict[str, Terms] = {
    f"attrition.{law}.{side}": form.terms(side) for law, form in FORMS.items() for side in SIDES
} | {"outcome.pace": PACE, "outcome.odds": ODDS, "advance.fitted": GROUND}
"""All fitted predictors by name."""


@dataclass(frozen=True, slots=True)
class Coefficients:
    """All fits of one coefficients file.

    `digest`: sha256 of the file. `meta`: what the fit is and is not, and on what table.
    `fits`: by a name of FITS. `correlations`: of the two sides' residuals, by attrition law.
    `decided`: share of battles that somebody won; `shape` of the hazard of a decision.
    `stalled`: share of battles without any ground gained, of those that the attacker won and
    of the others. `range`: how far the table reaches.
    """

    digest: str
    meta: Mapping[str, Any]
    range: TableRange
    scales: Mapping[str, Scale]
    fits: Mapping[str, Fit]
    correlations: Mapping[str, float]
    decided: float
    shape: float
    stalled: tuple[float, float]

    @property
    def armies(self) -> tuple[str, ...]:
        """Armies with an effect of their own, each a nation in an era (`nation_level`), sorted."""
        levels = {
            level
            for fit in self.fits.values()
            for group in NATIONS
            if group in fit.effects
            for level in fit.effects[group].levels
        }
        return tuple(sorted(levels))

    @property
    def nations(self) -> tuple[str, ...]:
        """Nations of those armies, sorted."""
        return tuple(sorted({nation_of(level) for level in self.armies}))


def load_coefficients(path: Path | None = None) -> Coefficients:
    """Read and check a coefficients file; without `path`, the one that is shipped.

    The shipped file is read once, another again only if its content has changed. Raises
    InputError with every fault.
    """
    if path is None:
        return _shipped()
    return _parse(read_bounded(path, MAX_BYTES, "a coefficients file"), str(path))


@cache
def _shipped() -> Coefficients:
    shipped = files("sandtable.laws") / "coefficients.toml"
    return _parse(shipped.read_bytes(), str(shipped))


@lru_cache(maxsize=8)
def _parse(content: bytes, file: str) -> Coefficients:
    data = toml_of(content, file)
    reader = Reader(file, data)
    table_range = TableRange(*(reader.span(f"range.{name}") for name in TableRange._fields))
    scales = {name: reader.scale(f"factors.{name}") for name in NUMBERS}
    fits = {name: reader.fit(name, terms) for name, terms in FITS.items()}
    correlations = {
        law: reader.number(f"attrition.{law}.residual_correlation", -1.0, 1.0) for law in FORMS
    }
    decided = reader.number("outcome.decided", 0.0, 1.0)
    shape = reader.number("outcome.shape", 0.1, 10.0)
    stalled = reader.array("advance.stalled", (2,)).tolist()
    meta = reader.get("meta", dict, "a table")
    if reader.problems:
        raise InputError(reader.problems)
    digest = hashlib.sha256(content).hexdigest()
    return Coefficients(
        digest,
        meta,
        table_range,
        scales,
        fits,
        correlations,
        decided,
        shape,
        (stalled[0], stalled[1]),
    )


class Reader:
    """Takes values out of a parsed file; what is wrong is collected and stands in as zeros."""

    def __init__(self, file: str, data: Mapping[str, Any]) -> None:
        self.file = file
        self.data = data
        self.problems: list[Problem] = []

    def _value(self, key: str) -> Any:
        value: Any = self.data
        for part in key.split("."):
            if not isinstance(value, dict) or part not in value:
                names = value if isinstance(value, dict) else ()
                self.problems.append(
                    Problem(self.file, key, "nothing", "required", nearest(part, names))
                )
                return None
            value = value[part]
        return value

    def faulty(self, key: str) -> bool:
        """Whether what stands at the key has been found wrong, or missing."""
        return any(problem.key == key for problem in self.problems)

    def get(self, key: str, kind: type, allowed: str) -> Any:
        """A value of a kind, or an empty one of it."""
        value = self._value(key)
        if value is None:
            return kind()
        if not isinstance(value, kind) or isinstance(value, bool):
            self.problems.append(Problem(self.file, key, repr(value), allowed))
            return kind()
        return value

    def number(self, key: str, low: float = 0.0, high: float = float_info.max) -> float:
        """A finite number within bounds."""
        value = self._value(key)
        if value is None:
            return low
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not low <= value <= high:
            limit = "" if high == float_info.max else f" to {high:g}"
            allowed = f"a number from {low:g}{limit}"
            self.problems.append(Problem(self.file, key, repr(value), allowed))
            return low
        return float(value)

    def array(self, key: str, shape: tuple[int, ...]) -> Array:
        """An array of finite numbers of this shape; of zeros where it is wrong."""
        import numpy as np

        value = self.get(key, list, "an array of numbers")
        try:
            array = np.array(value)
        except ValueError:
            array = np.empty(0)
        if array.shape == shape and array.dtype.kind in "if" and np.isfinite(array).all():
            return array.astype(np.float64)
        if not self.faulty(key):
            size = " x ".join(map(str, shape))
            found = f"an array of {' x '.join(map(str, array.shape))}"
            allowed = f"{size} finite numbers"
            self.problems.append(Problem(self.file, key, found, allowed))
        return np.zeros(shape)

    def scale(self, key: str) -> Scale:
        """A factor's centre, spread and range."""
        scale = Scale(*self.array(key, (4,)).tolist())
        if not self.faulty(key) and not (scale.spread > 0.0 and scale.low <= scale.high):
            allowed = "a spread above 0, and a range that runs upwards"
            self.problems.append(Problem(self.file, key, str(list(scale)), allowed))
        return scale

    def span(self, key: str) -> Span:
        """Least and greatest of what the table has, above zero."""
        span = Span(*self.array(key, (2,)).tolist())
        if not self.faulty(key) and not 0.0 < span.low <= span.high:
            allowed = "two numbers above 0 that run upwards"
            self.problems.append(Problem(self.file, key, str(list(span)), allowed))
        return span

    def fit(self, name: str, terms: Terms) -> Fit:
        """One predictor's fit, which must have exactly these terms in this order."""
        import numpy as np

        for part, names in (("core", terms.core), ("features", terms.features)):
            key = f"{name}.{part}"
            found = self.get(key, list, "an array of names")
            if tuple(found) != names and not self.faulty(key):
                allowed = ", ".join(names) or "none"
                self.problems.append(Problem(self.file, key, repr(found), allowed))
        effects = {group: self.effects(f"{name}.effects.{group}", group) for group in terms.groups}
        coefficients = len(terms.core) + len(terms.features)
        armies = [group for group in terms.groups if group in NATIONS]
        size = coefficients + sum(len(effects[group].levels) for group in armies)
        estimates = self.array(f"{name}.estimates", (size,))
        covariance = self.triangle(f"{name}.covariance", size)
        errors, at = np.sqrt(covariance.diagonal()).tolist(), coefficients
        for group in armies:
            known = effects[group]
            pairs = zip(estimates[at:].tolist(), errors[at:], strict=True)
            levels = dict(zip(known.levels, pairs, strict=False))
            effects[group], at = replace(known, levels=levels), at + len(levels)
        return Fit(
            name,
            terms,
            effects,
            estimates,
            covariance,
            self.number(f"{name}.residual_sd"),
            self.number(f"{name}.recorded_sd"),
            self.get(f"{name}.battles", int, "a whole number"),
        )

    def triangle(self, key: str, size: int) -> Array:
        """A covariance from its lower triangle, row by row; of ones where it is wrong."""
        import numpy as np

        rows = self.get(key, list, "an array of rows")
        if self.faulty(key):
            return np.eye(size)
        fault = _fault_of_triangle(rows, size)
        if fault is None:
            covariance = np.zeros((size, size))
            covariance[np.tril_indices(size)] = [x for row in rows for x in row]
            covariance += np.tril(covariance, -1).T
            try:
                np.linalg.cholesky(covariance)
            except np.linalg.LinAlgError:
                fault = "a matrix that is not", "positive definite"
        if fault is not None:
            self.problems.append(Problem(self.file, key, *fault))
            return np.eye(size)
        return covariance

    def effects(self, key: str, group: str) -> Effects:
        """A group's spread and levels; estimates of armies stand with the coefficients."""
        names = self.get(f"{key}.levels", list, "an array of names")
        shape = (len(names),)
        if group in NATIONS:
            pairs = [(0.0, 0.0)] * len(names)
        else:
            columns = (self.array(f"{key}.{p}", shape).tolist() for p in ("estimates", "errors"))
            pairs = list(zip(*columns, strict=True))
        levels = dict(zip(map(str, names), pairs, strict=True))
        if len(levels) < len(names) or not all(isinstance(name, str) for name in names):
            self.problems.append(
                Problem(self.file, f"{key}.levels", repr(names), "names, each once")
            )
        spread, error = self.number(f"{key}.spread"), self.number(f"{key}.spread_error")
        return Effects(spread, error, levels)


def _fault_of_triangle(rows: list[Any], size: int) -> tuple[str, str] | None:
    """What is found and what is allowed, if these are not the rows of a lower triangle."""
    allowed = f"{size} rows of 1 to {size} finite numbers, a lower triangle"
    if not rows or not all(isinstance(row, list) for row in rows):
        return "no rows", allowed
    lengths = [len(row) for row in rows]
    if lengths != [*range(1, size + 1)]:
        return f"rows of {', '.join(map(str, lengths))}", allowed
    numbers = [x for row in rows for x in row]
    if all(isinstance(x, int | float) and abs(x) <= float_info.max for x in numbers):
        return None
    return "rows that hold something else", allowed

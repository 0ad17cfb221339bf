"""The laws of operations: fits on sieges, pockets, exploitations and daily losses of other wars.

`operational.toml` is written by ``sandtable operations fit``; nothing in it is set by hand. It
stands beside the coefficients of battles because its tables, and so its digests, are others: a
fit on a table of battles of one's own leaves it as it is.

A `Regression` is a linear predictor without factors: estimates with their joint covariance, and
the spread from case to case, itself known to its error. Ranges are drawn uniformly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from math import exp
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from sandtable.errors import InputError, Problem
from sandtable.files import read_bounded
from sandtable.laws.coefficients import Reader
from sandtable.laws.exploitation import ContactLaw, PursuitLaw
from sandtable.laws.fortress import FortressLaw, PocketLaw
from sandtable.laws.landing import LandingLaw
from sandtable.toml_text import MAX_BYTES, toml_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

_NORMAL = NormalDist()

REGRESSIONS: Mapping[str, tuple[str, ...]] = {
    "siege": ("constant", "field-works"),
    "pocket": ("constant",),
    "escape": ("constant",),
    "pursuit": ("foot", "mobile"),
    "landing": ("constant",),
    "time": ("attacker", "defender"),
}
"""Terms of each: ln days, ln days, log odds, ln km a day, ln losses a thousand, an exponent."""
RANGES = ("contact.pursuit", "contact.holding")
"""Casualties a thousand men and day."""


@dataclass(frozen=True)
class Regression:
    """A fit: ``estimates`` of its ``terms`` with their (p, p) ``covariance``.

    ``spread``: standard deviation from case to case; ``spread_error``: standard error of its
    logarithm. ``cases`` it rests on.
    """

    name: str
    terms: tuple[str, ...]
    estimates: Array
    covariance: Array
    spread: float
    spread_error: float
    cases: int

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the standard normals that a draw takes."""
        return tuple(f"{self.name}.{term}" for term in (*self.terms, "spread"))

    @cached_property
    def factor(self) -> Array:
        """Lower Cholesky factor of the covariance. Raises LinAlgError if it has none."""
        import numpy as np

        return np.asarray(np.linalg.cholesky(self.covariance))

    def draw(self, z: Sequence[float]) -> tuple[float, ...]:
        """The terms and the spread at one draw; ``z`` in the order of ``inputs``."""
        import numpy as np

        *first, last = z
        found = self.estimates + self.factor @ np.asarray(first, dtype=np.float64)
        return (*found.tolist(), self.spread * exp(self.spread_error * last))


@dataclass(frozen=True, slots=True)
class TimeLaw:
    """Exponents of time in a battle's cumulative casualties, by side; ``spread`` by battle."""

    attacker: float
    defender: float
    spread: float

    def exponents(self, z_attacker: float, z_defender: float) -> tuple[float, float]:
        """Both sides' exponents in a battle; standard normal draws, the battle's own."""
        found = self.attacker + self.spread * z_attacker, self.defender + self.spread * z_defender
        return max(found[0], LEAST_EXPONENT), max(found[1], LEAST_EXPONENT)


LEAST_EXPONENT = 0.2
"""A draw far out in the tail may not turn a battle's losses back."""


@dataclass(frozen=True, slots=True)
class OperationalLaws:
    """One replication's laws of operations in plain numbers."""

    fortress: FortressLaw
    pocket: PocketLaw
    pursuit: PursuitLaw
    landing: LandingLaw
    time: TimeLaw
    contact: ContactLaw


@dataclass(frozen=True)
class OperationalFits:
    """All fits of one file; ``digest`` is its sha256, ``meta`` what the fits are and are not."""

    digest: str
    meta: Mapping[str, Any]
    regressions: Mapping[str, Regression]
    ranges: Mapping[str, tuple[float, float]]

    @cached_property
    def uncertain(self) -> tuple[str, ...]:
        """Names of the uncertain inputs, each of which takes a number in [0, 1)."""
        normals = (name for fit in self.regressions.values() for name in fit.inputs)
        return (*normals, *self.ranges)

    def draw(self, u: Sequence[float]) -> OperationalLaws:
        """The laws at one draw; ``u`` holds a number in [0, 1) for each uncertain input."""
        found: dict[str, tuple[float, ...]] = {}
        first = 0
        for name, fit in self.regressions.items():
            last = first + len(fit.inputs)
            z = [_NORMAL.inv_cdf(min(max(x, 1e-16), 1.0 - 1e-16)) for x in u[first:last]]
            found[name] = fit.draw(z)
            first = last
        rates = [
            low + x * (high - low)
            for x, (low, high) in zip(u[first:], self.ranges.values(), strict=True)
        ]
        return OperationalLaws(
            FortressLaw(*found["siege"]),
            PocketLaw(*found["pocket"], *found["escape"]),
            PursuitLaw(*found["pursuit"]),
            LandingLaw(*found["landing"]),
            TimeLaw(*found["time"]),
            ContactLaw(*rates),
        )


def load_operational(path: Path | None = None) -> OperationalFits:
    """Read and check a file of fits; without ``path``, the one that is shipped.

    Read again only if its content has changed. Raises InputError with every fault.
    """
    if path is not None:
        return _parse(read_bounded(path, MAX_BYTES, "fits of operations"), str(path))
    shipped = files("sandtable.laws") / "operational.toml"
    return _parse(shipped.read_bytes(), str(shipped))


@lru_cache(maxsize=4)
def _parse(content: bytes, file: str) -> OperationalFits:
    data = toml_of(content, file)
    reader = Reader(file, data)
    regressions = {name: _regression(reader, name) for name in REGRESSIONS}
    ranges = {name: _range(reader, name) for name in RANGES}
    meta = reader.get("meta", dict, "a table")
    if reader.problems:
        raise InputError(reader.problems)
    return OperationalFits(hashlib.sha256(content).hexdigest(), meta, regressions, ranges)


def _regression(reader: Reader, name: str) -> Regression:
    import numpy as np

    terms = REGRESSIONS[name]
    found = reader.get(f"{name}.terms", list, "an array of names")
    if tuple(found) != terms and not reader.faulty(f"{name}.terms"):
        _wrong(reader, f"{name}.terms", repr(found), ", ".join(terms))
    key, size = f"{name}.covariance", len(terms)
    fit = Regression(
        name,
        terms,
        reader.array(f"{name}.estimates", (size,)),
        reader.array(key, (size, size)),
        reader.number(f"{name}.spread"),
        reader.number(f"{name}.spread_error"),
        reader.get(f"{name}.cases", int, "a whole number"),
    )
    if not reader.faulty(key):
        try:
            if not np.allclose(fit.covariance, fit.covariance.T, rtol=1e-6):
                raise np.linalg.LinAlgError
            fit.factor  # noqa: B018
        except np.linalg.LinAlgError:
            _wrong(reader, key, "a matrix that is not", "symmetric and positive definite")
    return fit


def _range(reader: Reader, name: str) -> tuple[float, float]:
    low, high = reader.array(f"{name}.range", (2,)).tolist()
    if not reader.faulty(f"{name}.range") and not 0.0 <= low < high:
        _wrong(reader, f"{name}.range", f"[{low:g}, {high:g}]", "two numbers from 0 that rise")
    return low, high


def _wrong(reader: Reader, key: str, found: str, allowed: str) -> None:
    reader.problems.append(Problem(reader.file, key, found, allowed))

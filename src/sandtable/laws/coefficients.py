"""The fitted coefficients: estimates with their covariance, and draws from it.

`coefficients.toml` is written by the fit on the battle table; nothing in it is set by hand.
A replication draws one set of laws: each fit's estimates plus a Cholesky factor of its
covariance times standard normals. The normals are laid out outcome first, then advance,
then attrition, so that scenarios which differ in their attrition law share the other draws.
"""

import hashlib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.errors import InputError, Problem, nearest
from sandtable.laws.attrition import (
    FORMS,
    POSTURE_PARAMETERS,
    AttritionLaw,
    posture_factors,
)
from sandtable.laws.outcome import HAZARD_PARAMETERS, Hazard, OutcomeLaw

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

OUTCOME, ADVANCE = "outcome.hazards", "advance.fitted"
ADVANCE_PARAMETERS = ("constant", *POSTURE_PARAMETERS, "ratio", "tanks")


@dataclass(frozen=True, slots=True)
class FittedAdvance:
    """Coefficients of the fitted opposed advance, for `laws.advance`.

        ln(km/day) = ln factors[posture] + ratio ln(attacker / defender)
                     + tanks ln(1 + attacker's tanks per 1000 men) + residual_sd z

    `unknown_tanks` stands for ln(1 + x) where the tanks are unknown: its mean in the fit.

    Caution: pooled over wars, `ratio` is an association between wars (sieges of islands at
    high ratios, mobile desert wars at low ones), not what more men do to one advance.
    """

    factors: dict[str, float]
    ratio: float
    tanks: float
    residual_sd: float
    unknown_tanks: float


@dataclass(frozen=True, slots=True)
class DrawnLaws:
    """One set of laws: `attrition` holds the law asked for, under its name."""

    attrition: dict[str, AttritionLaw]
    outcome: OutcomeLaw
    advance: FittedAdvance


@dataclass(frozen=True, slots=True)
class Fit:
    """One law's fit: `factor` is the lower Cholesky factor of `covariance`."""

    parameters: tuple[str, ...]
    estimates: "Array"
    covariance: "Array"
    factor: "Array"
    battles: int

    def at(self, normals: "Array") -> list[float]:
        """The coefficients that lie `normals` away from the estimates."""
        drawn: list[float] = (self.estimates + self.factor @ normals).tolist()
        return drawn

    def standard_errors(self) -> dict[str, float]:
        """Standard error of each parameter, by its name."""
        errors = self.covariance.diagonal() ** 0.5
        return dict(zip(self.parameters, errors.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Coefficients:
    """All fits of one coefficients file.

    `digest`: sha256 of the file. `meta`: what the fit is and is not, and on what table.
    `fits`: by name, `attrition.<law>`, `outcome.hazards`, `advance.fitted`. `normals`: how
    many standard normals a draw takes, whichever attrition law it is for.
    """

    digest: str
    meta: Mapping[str, Any]
    fits: Mapping[str, Fit]
    residuals: Mapping[str, tuple[float, float, float]]
    residual_sd: float
    unknown_tanks: float
    normals: int

    def central(self, attrition: str = "fatigue") -> DrawnLaws:
        """The laws at their estimates."""
        import numpy as np

        return self.draw(np.zeros(self.normals), attrition)

    def draw(self, z: "Sequence[float] | Array", attrition: str = "fatigue") -> DrawnLaws:
        """The laws at one draw of their coefficients.

        `z`: `normals` independent standard normals. `attrition`: a name of
        `laws.attrition.FORMS`. Raises ValueError for another name or length.
        """
        import numpy as np

        if attrition not in FORMS:
            raise ValueError(f"attrition law {attrition!r} is none of {', '.join(FORMS)}")
        values = np.asarray(z, dtype=np.float64)
        if values.shape != (self.normals,):
            raise ValueError(f"a draw takes {self.normals} normals, found shape {values.shape}")
        outcome, advance = self.fits[OUTCOME], self.fits[ADVANCE]
        fit = self.fits[f"attrition.{attrition}"]
        first = len(outcome.parameters)
        second = first + len(advance.parameters)
        hazards = outcome.at(values[:first])
        half = len(HAZARD_PARAMETERS)
        a = advance.at(values[first:second])
        law = fit.at(values[second : second + len(fit.parameters)])
        form, side = FORMS[attrition], len(fit.parameters) // 2
        return DrawnLaws(
            {
                attrition: AttritionLaw(
                    attrition,
                    form.side(law[:side]),
                    form.side(law[side:]),
                    self.residuals[attrition],
                )
            },
            OutcomeLaw(Hazard.of(hazards[:half]), Hazard.of(hazards[half:])),
            FittedAdvance(
                posture_factors(a[0], a[1:4]), a[4], a[5], self.residual_sd, self.unknown_tanks
            ),
        )


def load_coefficients(path: Path | None = None) -> Coefficients:
    """Read and check a coefficients file; without `path`, the one that is shipped.

    Read again only if its content has changed. Raises InputError with every fault.
    """
    source = files("sandtable.laws") / "coefficients.toml" if path is None else path
    try:
        content = source.read_bytes()
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError([Problem(str(source), "file", found, "a coefficients file")]) from None
    return _parse(content, str(source))


@lru_cache(maxsize=8)
def _parse(content: bytes, file: str) -> Coefficients:
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Problem(file, "file", str(error), "TOML in UTF-8")]) from None
    reader = _Reader(file, data)
    sides = ("attacker", "defender")
    fits, residuals = {}, {}
    for name, form in FORMS.items():
        parameters = tuple(f"{side}.{p}" for side in sides for p in form.parameters())
        fits[f"attrition.{name}"] = reader.fit(f"attrition.{name}", parameters)
        factor = reader.cholesky(f"attrition.{name}", "residual_covariance", 2)
        residuals[name] = (float(factor[0, 0]), float(factor[1, 0]), float(factor[1, 1]))
    hazards = tuple(f"{h}.{p}" for h in ("breaks", "quits") for p in HAZARD_PARAMETERS)
    fits[OUTCOME] = reader.fit(OUTCOME, hazards)
    fits[ADVANCE] = reader.fit(ADVANCE, ADVANCE_PARAMETERS)
    residual_sd = reader.number(f"{ADVANCE}.residual_sd")
    unknown_tanks = reader.number(f"{ADVANCE}.unknown_tanks")
    meta = reader.get("meta", dict, "a table")
    if reader.problems:
        raise InputError(reader.problems)
    normals = max(len(fits[f"attrition.{name}"].parameters) for name in FORMS)
    normals += len(hazards) + len(ADVANCE_PARAMETERS)
    digest = hashlib.sha256(content).hexdigest()
    return Coefficients(digest, meta, fits, residuals, residual_sd, unknown_tanks, normals)


class _Reader:
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

    def get(self, key: str, kind: type, allowed: str, default: Callable[[], Any] = dict) -> Any:
        value = self._value(key)
        if value is None:
            return default()
        if not isinstance(value, kind) or isinstance(value, bool):
            self.problems.append(Problem(self.file, key, repr(value), allowed))
            return default()
        return value

    def number(self, key: str) -> float:
        """A finite number not below zero."""
        value = float(self.get(key, int | float, "a number", float))  # type: ignore[arg-type]
        if not 0.0 <= value < float("inf"):
            self.problems.append(Problem(self.file, key, repr(value), "finite, not negative"))
        return value

    def array(self, key: str, shape: tuple[int, ...]) -> "Array":
        import numpy as np

        value = self.get(key, list, "an array of numbers", list)
        try:
            array = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            array = np.empty(0)
        if array.shape == shape and np.isfinite(array).all():
            return array
        if value:
            size = " x ".join(map(str, shape))
            found = f"an array of {' x '.join(map(str, array.shape))}"
            allowed = f"{size} finite numbers"
            self.problems.append(Problem(self.file, key, found, allowed))
        return np.zeros(shape)

    def cholesky(self, law: str, field: str, size: int) -> "Array":
        """Lower Cholesky factor of a covariance matrix."""
        import numpy as np

        key = f"{law}.{field}"
        covariance = self.array(key, (size, size))
        if not covariance.any():
            return covariance
        try:
            if not np.allclose(covariance, covariance.T, rtol=1e-6):
                raise np.linalg.LinAlgError
            return np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)
        except np.linalg.LinAlgError:
            allowed = "symmetric and positive definite"
            self.problems.append(Problem(self.file, key, "a matrix that is not", allowed))
            return np.zeros((size, size))

    def fit(self, law: str, parameters: tuple[str, ...]) -> Fit:
        """One law's fit, which must have exactly these parameters in this order."""
        size = len(parameters)
        found = tuple(self.get(f"{law}.parameters", list, "an array of names", list))
        if found and found != parameters:
            self.problems.append(
                Problem(self.file, f"{law}.parameters", repr(list(found)), ", ".join(parameters))
            )
        estimates = self.array(f"{law}.estimates", (size,))
        covariance = self.array(f"{law}.covariance", (size, size))
        factor = self.cholesky(law, "covariance", size)
        battles = self.get(f"{law}.battles", int, "a whole number", int)
        return Fit(parameters, estimates, covariance, factor, battles)

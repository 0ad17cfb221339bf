"""The first, simple fit of the laws on the battle table: pooled, nothing but the laws' terms.

Attrition by least squares on ln casualties, side by side; with the same regressors on both
sides this is also the best joint (seemingly unrelated) estimate, whence the covariance
between the two sides' coefficients. Advance by least squares on ln(km/day). Outcome by
maximum likelihood of competing constant hazards.

Left out, and counted: battles before 1914 or undated, battles without known strengths,
casualties, posture or duration. A side without casualties has no logarithm: such a battle
is left out of the attrition fit too, and counted apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar

from sandtable.battles.table import BattleTable, load_table
from sandtable.errors import InputError, Problem
from sandtable.laws.attrition import FORMS, POSTURE_PARAMETERS, Form
from sandtable.laws.outcome import HAZARD_PARAMETERS, REFERENCE_TOTAL

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FIRST_YEAR = 1914
FOLDS = 5
SEED = 1914

WHAT = (
    "A first, simple fit: all battles since 1914 pooled as one sample, posture the only"
    " condition. No pooling by war, no factors of terrain, surprise, air, armour or nation, no"
    " validation on battles held back."
)
IS_NOT = (
    "Not fitted on any campaign that is simulated. Standard errors take the battles as"
    " independent, which battles of one war are not: they are probably too small."
)


@dataclass(frozen=True, slots=True)
class FitSummary:
    """What `fit_to_file` did: rows read, battles used by each law, errors of attrition."""

    out: Path
    table_digest: str
    rows: int
    battles: dict[str, int]
    rms_in_sample: dict[str, tuple[float, float]]
    rms_cross_validated: dict[str, tuple[float, float]]


def fit_to_file(table: Path, out: Path) -> FitSummary:
    """Fit every law on the battle table `table` and write the coefficients to `out`.

    Raises InputError if the table has faults, or too few battles of a kind to fit on.
    """
    fits = fit_table(table)
    write_coefficients(fits, out)
    attrition = fits["attrition"]
    used = {f"attrition.{name}": law["battles"] for name, law in attrition.items()}
    used |= {"outcome.hazards": fits["outcome"]["hazards"]["battles"]}
    used |= {"advance.fitted": fits["advance"]["fitted"]["battles"]}
    return FitSummary(
        out,
        fits["meta"]["table_digest"],
        fits["meta"]["rows"],
        used,
        {name: tuple(law["rms_in_sample"]) for name, law in attrition.items()},
        {name: tuple(law["rms_cross_validated"]) for name, law in attrition.items()},
    )


def fit_table(path: Path) -> dict[str, Any]:
    """Fit every law on the battle table at `path`: the content of `coefficients.toml`."""
    table = load_table(path)
    recent = table.years >= FIRST_YEAR
    attrition_rows, zero = _attrition_rows(table, recent)
    starts = sorted(s for s, keep in zip(table.starts, recent, strict=True) if s and keep)
    if not starts:
        raise InputError([_too_few(table, "start", "no battle", f"a battle since {FIRST_YEAR}")])
    meta = {
        "table_digest": table.digest,
        "rows": len(table),
        "rows_since_1914": int(recent.sum()),
        "first_battle": starts[0].isoformat(),
        "last_battle": starts[-1].isoformat(),
        "what": WHAT,
        "is_not": IS_NOT,
        "zero_casualties": "a battle in which a side lost nobody has no logarithm: left out",
        "left_out_for_zero_casualties": zero,
        "withdrawal": "takes the coefficient of delay, with which its battles are pooled",
        "folds": FOLDS,
        "seed": SEED,
    }
    return {
        "meta": meta,
        "attrition": {n: _fit_attrition(table, attrition_rows, form) for n, form in FORMS.items()},
        "outcome": {"hazards": _fit_outcome(table, recent)},
        "advance": {"fitted": _fit_advance(table, recent)},
    }


def _too_few(table: BattleTable, key: str, found: str, allowed: str) -> Problem:
    return Problem(str(table.path), f"column {key}", found, allowed)


def _positive(table: BattleTable, *names: str) -> Mask:
    """Rows where all named numbers are known and above zero."""
    return np.asarray(np.all([table.numbers[name] > 0.0 for name in names], axis=0))


def _posture_columns(table: BattleTable, rows: Mask) -> list[Vector]:
    """Indicators of POSTURE_PARAMETERS; each must occur, or its coefficient is anybody's guess."""
    posture = table.words["defender_posture"][rows]
    pooled = np.where(posture == "withdrawal", "delay", posture)
    absent = [p for p in ("hasty", *POSTURE_PARAMETERS) if not (pooled == p).any()]
    if absent:
        raise InputError(
            [_too_few(table, "defender_posture", f"no usable battle {p}", "some") for p in absent]
        )
    return [(pooled == name).astype(float) for name in POSTURE_PARAMETERS]


def _least_squares(x: Matrix, y: Vector) -> Vector:
    return np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=np.float64)


def _require_rank(table: BattleTable, x: Matrix) -> None:
    """Enough battles, and different enough, to tell the columns of `x` apart."""
    n, k = x.shape
    if n <= k or np.linalg.matrix_rank(x) < k:
        allowed = f"more than {k} battles that differ in strength and duration"
        raise InputError([_too_few(table, "cdb90_id", f"{n} usable battles", allowed)])


def _rms(errors: Vector) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def _cross_validated(x: Matrix, y: Vector) -> float:
    """Root mean square error of predicting each of FOLDS seeded parts from the others."""
    fold = np.random.default_rng(SEED).permutation(len(y)) % FOLDS
    errors = np.empty_like(y)
    for part in range(FOLDS):
        out = fold == part
        errors[out] = y[out] - x[out] @ _least_squares(x[~out], y[~out])
    return _rms(errors)


def _attrition_rows(table: BattleTable, recent: Mask) -> tuple[Mask, int]:
    """Rows the attrition laws can use, and how many only a zero of casualties excludes."""
    casualties = ("attacker_casualties", "defender_casualties")
    known = recent & _positive(table, "attacker_strength", "defender_strength", "duration_days")
    known &= table.words["defender_posture"] != ""
    known &= np.all([np.isfinite(table.numbers[name]) for name in casualties], axis=0)
    usable = known & _positive(table, *casualties)
    return usable, int((known & ~usable).sum())


def _attrition_design(
    table: BattleTable, rows: Mask, form: Form, side: str, other: str
) -> tuple[Matrix, Vector]:
    """Regressors of one side, and its ln casualties less what the form fixes."""
    logs = {
        "own": np.log(table.numbers[f"{side}_strength"][rows]),
        "opponent": np.log(table.numbers[f"{other}_strength"][rows]),
        "time": np.log(table.numbers["duration_days"][rows]),
    }
    y = np.log(table.numbers[f"{side}_casualties"][rows])
    columns = [np.ones(len(y)), *_posture_columns(table, rows)]
    for name, log in logs.items():
        fixed = getattr(form, name)
        if fixed is None:
            columns.append(log)
        else:
            y = y - fixed * log
    return np.column_stack(columns), y


def _fit_attrition(table: BattleTable, rows: Mask, form: Form) -> dict[str, Any]:
    """Both sides of one law; covariance of all coefficients, attacker's first."""
    x_a, y_a = _attrition_design(table, rows, form, "attacker", "defender")
    x_d, y_d = _attrition_design(table, rows, form, "defender", "attacker")
    _require_rank(table, x_a)
    beta_a, beta_d = _least_squares(x_a, y_a), _least_squares(x_d, y_d)
    residuals = np.column_stack([y_a - x_a @ beta_a, y_d - x_d @ beta_d])
    n, k = x_a.shape
    sigma = residuals.T @ residuals / (n - k)
    pseudo = [np.linalg.pinv(x_a), np.linalg.pinv(x_d)]
    covariance = np.block([[sigma[i, j] * pseudo[i] @ pseudo[j].T for j in (0, 1)] for i in (0, 1)])
    estimates = np.concatenate([beta_a, beta_d])
    if form.time is None:
        estimates, covariance = _with_log_time(table, estimates, covariance)
    return {
        "battles": n,
        "parameters": [f"{s}.{p}" for s in ("attacker", "defender") for p in form.parameters()],
        "estimates": estimates,
        "covariance": covariance,
        "residual_covariance": sigma,
        "rms_in_sample": [_rms(residuals[:, 0]), _rms(residuals[:, 1])],
        "rms_cross_validated": [_cross_validated(x_a, y_a), _cross_validated(x_d, y_d)],
    }


def _with_log_time(
    table: BattleTable, estimates: Vector, covariance: Matrix
) -> tuple[Vector, Matrix]:
    """The exponents of time, last of either side, replaced by their logarithms (delta method)."""
    last = [len(estimates) // 2 - 1, len(estimates) - 1]
    if (estimates[last] <= 0.0).any():
        found = "casualties that do not grow with it"
        raise InputError([_too_few(table, "duration_days", found, "longer battles cost more")])
    slope = np.ones(len(estimates))
    slope[last] = 1.0 / estimates[last]
    transformed = estimates.copy()
    transformed[last] = np.log(estimates[last])
    return transformed, covariance * np.outer(slope, slope)


def _fit_advance(table: BattleTable, recent: Mask) -> dict[str, Any]:
    """ln(km/day) on ln force ratio, posture and the attacker's tanks per thousand men."""
    needed = ("attacker_advance_km", "duration_days", "attacker_strength", "defender_strength")
    rows = recent & _positive(table, *needed) & (table.words["defender_posture"] != "")
    advance, days, attacker, defender = (table.numbers[name][rows] for name in needed)
    tanks = np.log1p(1000.0 * table.numbers["attacker_tanks"][rows] / attacker)
    known = np.isfinite(tanks)
    mean = float(tanks[known].mean()) if known.any() else 0.0
    ratio = np.log(attacker / defender)
    columns = [np.ones(len(ratio)), *_posture_columns(table, rows), ratio]
    x = np.column_stack([*columns, np.where(known, tanks, mean)])
    _require_rank(table, x)
    y = np.log(advance / days)
    beta = _least_squares(x, y)
    residuals = y - x @ beta
    variance = float(residuals @ residuals) / (len(y) - x.shape[1])
    return {
        "battles": len(y),
        "parameters": ["constant", *POSTURE_PARAMETERS, "ratio", "tanks"],
        "estimates": beta,
        "covariance": variance * np.linalg.inv(x.T @ x),
        "residual_sd": float(np.sqrt(variance)),
        "unknown_tanks": mean,
        "tanks_unknown_in": int((~known).sum()),
        "ratio_within_wars": _within(table.words["war"][rows], ratio, y),
        "rms_in_sample": _rms(residuals),
        "rms_cross_validated": _cross_validated(x, y),
    }


def _within(group: npt.NDArray[np.str_], x: Vector, y: Vector) -> list[float]:
    """Slope of y on x and its standard error, every group's mean taken out of both.

    Beside the pooled coefficient it shows how much of that is a difference between groups.
    """
    _, index = np.unique(group, return_inverse=True)
    sizes = np.bincount(index)
    x, y = (v - (np.bincount(index, v) / sizes)[index] for v in (x, y))
    slope = float(x @ y / (x @ x))
    variance = float(np.sum((y - slope * x) ** 2)) / (len(y) - len(sizes) - 1)
    return [slope, float(np.sqrt(variance / (x @ x)))]


def _fit_hazard(x: Matrix, event: Vector, days: Vector) -> tuple[Vector, Matrix, float]:
    """Coefficients, covariance and log-likelihood of one constant hazard exp(x beta) a day.

    Competing constant hazards separate: each is a censored exponential model in which the
    other's event is a censoring. The log-likelihood is concave, so the maximum is the one.
    """
    scale = np.linalg.cholesky(x.T @ x / len(x)).T  # unit columns: the optimiser's tolerance
    z = np.linalg.solve(scale.T, x.T).T

    def loss(gamma: Vector) -> float:
        eta = z @ gamma
        return float(np.exp(eta) @ days - event @ eta)

    def gradient(gamma: Vector) -> Vector:
        return np.asarray(z.T @ (np.exp(z @ gamma) * days - event))

    def hessian(gamma: Vector) -> Matrix:
        return np.asarray((z * (np.exp(z @ gamma) * days)[:, None]).T @ z)

    start = scale @ (np.eye(x.shape[1])[0] * np.log(event.sum() / days.sum()))
    best = minimize(
        loss, start, jac=gradient, hess=hessian, method="trust-exact", options={"gtol": 1e-9}
    )
    inverse = np.linalg.inv(scale)
    return inverse @ best.x, inverse @ np.linalg.inv(hessian(best.x)) @ inverse.T, -float(best.fun)


def _fit_outcome(table: BattleTable, recent: Mask) -> dict[str, Any]:
    """Both hazards: the defender breaks, the attacker quits."""
    needed = ("attacker_strength", "defender_strength", "duration_days")
    rows = recent & _positive(table, *needed)
    rows &= (table.words["outcome"] != "") & (table.words["defender_posture"] != "")
    attacker, defender, days = (table.numbers[name][rows] for name in needed)
    outcome = table.words["outcome"][rows]
    postures = _posture_columns(table, rows)
    ratio, total = np.log(attacker / defender), np.log((attacker + defender) / REFERENCE_TOTAL)
    x = np.column_stack([np.ones(len(ratio)), *postures, ratio, total])
    _require_rank(table, x)
    wins = [outcome == winner for winner in ("attacker", "defender")]
    _require_events(table, x, wins)
    fits = [_fit_hazard(x, won.astype(float), days) for won in wins]
    empty = np.zeros((x.shape[1], x.shape[1]))
    ones = np.ones((len(days), 1))
    return {
        "battles": len(days),
        "parameters": [f"{h}.{p}" for h in ("breaks", "quits") for p in HAZARD_PARAMETERS],
        "estimates": [*fits[0][0], *fits[1][0]],
        "covariance": np.block([[fits[0][1], empty], [empty, fits[1][1]]]),
        "log_likelihood": fits[0][2] + fits[1][2],
        "log_likelihood_constant": sum(_fit_hazard(ones, w.astype(float), days)[2] for w in wins),
        "weibull_shape": _weibull_shape(x, wins, days),
    }


def _require_events(table: BattleTable, x: Matrix, wins: Sequence[Mask]) -> None:
    """A posture in which a side never won has no finite coefficient."""
    problems = []
    members = [x[:, 1:4].sum(axis=1) == 0.0, *(x[:, i] == 1.0 for i in (1, 2, 3))]
    for side, won in zip(("attacker", "defender"), wins, strict=True):
        for posture, member in zip(("hasty", *POSTURE_PARAMETERS), members, strict=True):
            if not (won & member).any():
                found = f"no battle in {posture} won by the {side}"
                problems.append(_too_few(table, "outcome", found, "at least one"))
    if problems:
        raise InputError(problems)


def _weibull_shape(x: Matrix, wins: Sequence[Mask], days: Vector) -> float:
    """Shape s of hazards that go as s T^(s-1), by profile likelihood; 1 is memoryless."""
    decided = np.logical_or(*wins)

    def loss(s: float) -> float:
        fits = sum(_fit_hazard(x, won.astype(float), days**s)[2] for won in wins)
        return -float(fits + decided.sum() * np.log(s) + (s - 1.0) * np.log(days[decided]).sum())

    return float(minimize_scalar(loss, bounds=(0.2, 5.0), method="bounded").x)


def write_coefficients(fits: dict[str, Any], out: Path) -> None:
    """Write what `fit_table` returned as TOML: whole or not at all (renamed into place)."""
    lines = ["# Fitted coefficients of the laws. Generated by the fit; not to be edited."]
    for name, section in _sections(fits):
        lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in section.items())]
    part = out.with_name(out.name + ".part")
    try:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        part.replace(out)
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError([Problem(str(out), "file", found, "a file that can be written")]) from None


def _sections(fits: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    laws = [(f"{g}.{n}", law) for g in fits if g != "meta" for n, law in fits[g].items()]
    return [("meta", fits["meta"]), *laws]


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # Twelve figures: beyond what the optimiser settles, within what a Cholesky needs.
        text = f"{value:.12g}"
        return text if any(mark in text for mark in ".en") else text + ".0"
    rows = [_toml(item) for item in value]
    nested = any(row.startswith("[") for row in rows)
    return "[\n  " + ",\n  ".join(rows) + ",\n]" if nested else "[" + ", ".join(rows) + "]"

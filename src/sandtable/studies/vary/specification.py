"""What is varied, and the points of the design at which it is run."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sandtable.calendar import Calendar
from sandtable.ensemble import columns
from sandtable.ensemble.replications import garbage_collected_after
from sandtable.errors import InputError, Problem, nearest
from sandtable.runs import Request, repeated
from sandtable.runs.fitted import fitted_to
from sandtable.streams import Streams
from sandtable.studies.points import Points
from sandtable.studies.vary.dimension import (
    NO_MECHANISM,
    NO_VARIANT,
    VARIANT,
    WITHOUT,
    Dimension,
    Value,
    read_dimension,
    value_text,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRID = "grid"
DESIGNS = (GRID, "lhs", "sobol")

_MOST_POINTS = 10_000
_SAMPLED = "--design lhs or sobol with --points N"


@dataclass(frozen=True, slots=True)
class VarySpecification:
    """What is to be varied, as the command line puts it.

    ``keys`` are ``KEY=VALUES`` as `dimension` reads them, ``design`` one of DESIGNS with
    ``points`` points (None: those of the grid), ``outcomes`` names or patterns of names (none:
    those by which a campaign is judged).
    """

    keys: tuple[str, ...]
    design: str = GRID
    points: int | None = None
    outcomes: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """The specification as the command line writes it."""
        points = [] if self.points is None else ["--points", str(self.points)]
        outcomes = repeated("--outcomes", self.outcomes)
        return [*self.keys, "--design", self.design, *points, *outcomes]


@dataclass(frozen=True, slots=True)
class Point:
    """One point: what is asked for there, its calendar, its outcomes, what its results rest on.

    ``fitted_to`` are the claims to which any of its quantities was fitted.
    """

    values: tuple[Value, ...]
    request: Request
    calendar: Calendar
    outcomes: tuple[str, ...]
    digest: str
    fitted_to: tuple[str, ...]


def at_point(request: Request, dimensions: Sequence[Dimension], point: Sequence[Value]) -> Request:
    """Return what is asked for at one point: the request with one value of each dimension."""
    changed = request
    for dimension, value in zip(dimensions, point, strict=True):
        text = value_text(value)
        if dimension.key == VARIANT:
            changed = replace(changed, variant=None if text == NO_VARIANT else text)
        elif dimension.key == WITHOUT:
            off = () if text == NO_MECHANISM else tuple(text.split("+"))
            changed = replace(changed, without=(*changed.without, *off))
        else:
            changed = changed.changed([f"{dimension.key}={text}"])
    return changed


def load_points(
    points: Points,
    request: Request,
    dimensions: Sequence[Dimension],
    values: Sequence[tuple[Value, ...]],
    on_point: Callable[[], None] | None = None,
) -> tuple[list[Point], list[Problem]]:
    """Load every point; return those that can be loaded and each fault once.

    ``on_point`` is told of each point done.
    """
    loaded, faults = list[Point](), dict[tuple[str, str, str], Problem]()
    with garbage_collected_after():
        for value in values:
            try:
                loaded.append(_point(points, value, at_point(request, dimensions, value)))
            except InputError as error:
                for problem in (_of_argument(fault, dimensions) for fault in error.problems):
                    faults.setdefault((problem.file, problem.key, problem.found), problem)
            if on_point is not None:
                on_point()
    return loaded, list(faults.values())


def _point(points: Points, values: tuple[Value, ...], asked: Request) -> Point:
    scenario = points.scenario(asked)
    return Point(
        values,
        asked,
        scenario.calendar,
        columns(scenario)[0],
        points.digest(scenario),
        tuple(fitted_to(scenario.quantities)),
    )


def _of_argument(problem: Problem, dimensions: Sequence[Dimension]) -> Problem:
    """Name the argument of a fault that a varied key brought in."""
    special = {"--variant": VARIANT, "--without": WITHOUT}.get(problem.file)
    for dimension in dimensions:
        within = problem.key == dimension.key or problem.key.startswith(f"{dimension.key}.")
        if special == dimension.key or (problem.file == "--set" and within):
            return replace(problem, file=dimension.text)
    return problem


def read_dimensions(
    arguments: Sequence[str], design: str, points: int | None
) -> tuple[list[Dimension], list[Problem]]:
    """Return the dimensions that can be read, and every fault of arguments and design."""
    faults = _faults_of_design(design, points)
    found = list[Dimension]()
    for text in arguments:
        dimension = read_dimension(text, faults)
        if dimension is None:
            continue
        if any(other.key == dimension.key for other in found):
            faults.append(Problem(text, dimension.key, "the key a second time", "each key once"))
        if design == GRID and dimension.law is not None:
            allowed = f"a list or a range with steps, as 0.3..0.9:7; or {_SAMPLED}"
            faults.append(Problem(text, dimension.key, text.partition("=")[2].strip(), allowed))
        found.append(dimension)
    size = math.prod(len(dimension.values) or 1 for dimension in found)
    if design == GRID and size > _MOST_POINTS:
        allowed = f"at most {_MOST_POINTS:,} points; {_SAMPLED} needs fewer"
        faults.append(Problem("--design", GRID, f"{size:,} points", allowed))
    if not arguments:
        faults.append(Problem("KEY=VALUES", "arguments", "none", "at least one key to vary"))
    return found, faults


def design_points(
    dimensions: Sequence[Dimension], design: str, points: int | None, streams: Streams
) -> list[tuple[Value, ...]]:
    """Return the points, each with one value a dimension; none stands there twice.

    A grid has every combination, the last key changing fastest. ``lhs`` is a Latin hypercube and
    ``sobol`` a scrambled Sobol sequence, both from scipy.stats.qmc, of ``points`` points before
    equal ones are dropped. Their seed comes from the stream ``design/<name>``.
    """
    if design == GRID:
        return list(itertools.product(*(dimension.values for dimension in dimensions)))
    assert points is not None
    shares = _shares(design, len(dimensions), points, streams)
    columns = [dim.at(shares[:, index]) for index, dim in enumerate(dimensions)]
    return list(dict.fromkeys(zip(*columns, strict=True)))


def _shares(design: str, width: int, points: int, streams: Streams) -> NDArray[np.float64]:
    from scipy.stats import qmc

    seed = int(streams.within(f"design/{design}", 0).uniform() * 2**53)
    generator = np.random.default_rng(seed)
    if design == "lhs":
        return np.asarray(qmc.LatinHypercube(width, rng=generator).random(points))
    return np.asarray(qmc.Sobol(width, rng=generator).random_base2(points.bit_length() - 1))


def _faults_of_design(design: str, points: int | None) -> list[Problem]:
    if design not in DESIGNS:
        allowed = "one of " + ", ".join(DESIGNS)
        return [Problem("--design", "design", f"'{design}'", allowed, nearest(design, DESIGNS))]
    if design == GRID:
        if points is None:
            return []
        allowed = "nothing with --design grid, whose values are listed; or --design lhs or sobol"
        return [Problem("--points", "points", str(points), allowed)]
    if points is None or not 2 <= points <= _MOST_POINTS:
        found = "nothing" if points is None else str(points)
        allowed = f"a number of points from 2 to {_MOST_POINTS:,} for --design {design}"
        return [Problem("--points", "points", found, allowed)]
    below = 1 << (points.bit_length() - 1)
    if design == "sobol" and below != points:
        above = f" or {2 * below}" if 2 * below <= _MOST_POINTS else ""
        allowed = f"a power of two for --design sobol, here {below}{above}"
        return [Problem("--points", "points", str(points), allowed)]
    return []

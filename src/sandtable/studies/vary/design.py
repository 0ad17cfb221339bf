"""Designs of experiments: the points at which the keys that are varied are run."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sandtable.errors import InputError, Problem, nearest
from sandtable.streams import Streams
from sandtable.studies.vary.dimension import Dimension, Value, read_dimension

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRID = "grid"
DESIGNS = (GRID, "lhs", "sobol")

_MOST_POINTS = 10_000
_SAMPLED = "--design lhs or sobol with --points N"


def parse_dimensions(
    arguments: Sequence[str], design: str = GRID, points: int | None = None
) -> list[Dimension]:
    """Read ``KEY=VALUES`` arguments for a design of ``points`` points (a grid counts its own).

    Raises InputError with every fault: of the arguments, of the design, and of the two together.
    """
    found, faults = read_dimensions(arguments, design, points)
    if faults:
        raise InputError(faults)
    return found


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

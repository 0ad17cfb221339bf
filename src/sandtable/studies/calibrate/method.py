"""History matching: which inputs the targets leave plausible, and which they rule out.

After Craig, Goldstein, Seheult and Smith (1997) and Vernon, Goldstein and Bower (2010). The model
is run at a few points of the inputs' space; Gaussian processes emulate the mean and the spread of
each outcome everywhere else; a point is ruled out when it would miss a target by more than three
standard deviations of all that is uncertain. Later waves look only where nothing is ruled out yet.
Inputs are on the unit cube throughout; what they stand for is the caller's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from sandtable.errors import SandtableError
from sandtable.studies.calibrate.emulator import CUTOFF, Emulator, Sampled

Floats = NDArray[np.float64]
Moments = Mapping[str, Floats]
"""Of each outcome at each point (rows): replications in which it applies, mean, spread."""
Runs = Callable[[int, Floats], tuple[Floats, Moments]]
"""Given a wave's number and the points proposed, those that were run and their moments."""

_BATCH = 4096
_WANTED, _MOST = 1500, 16 * _BATCH


@dataclass(frozen=True, slots=True)
class Target:
    """What an outcome is to come to: ``low`` to ``high``, an open end being -inf or inf.

    A range is read as its middle, give or take: the variance of a uniform distribution over it.
    ``discrepancy`` is the standard deviation by which the model may be wrong at its best.
    """

    name: str
    outcome: str
    low: float
    high: float
    discrepancy: float = 0.0

    @property
    def variance(self) -> float:
        """Variance of the target itself and of the model's discrepancy."""
        width = self.high - self.low
        own = width**2 / 12 if math.isfinite(width) else 0.0
        return own + self.discrepancy**2

    def miss(self, values: Floats) -> Floats:
        """How far values lie from the middle of the range, or beyond the end of an open one."""
        if math.isinf(self.low):
            return np.maximum(values - self.high, 0.0)
        if math.isinf(self.high):
            return np.maximum(self.low - values, 0.0)
        return np.abs(values - (self.low + self.high) / 2)


def implausibility(
    emulators: Mapping[str, Emulator],
    targets: Sequence[Target],
    points: Floats,
    *,
    on_average: bool = False,
) -> Floats:
    """Return the implausibility of each point (rows) by each target (columns), from 0 up.

    It is the expected miss over the root of the variances of emulator, chance, target and
    discrepancy; ``on_average``, not of chance, as if the target were the mean of many repeats.
    Where nothing at all is uncertain it is 0 or infinite.
    """
    columns = np.empty((len(points), len(targets)))
    expected = {
        name: (*emulator.mean(points), emulator.chance(points, on_average=on_average))
        for name, emulator in emulators.items()
    }
    for column, target in enumerate(targets):
        mean, error, chance = expected[target.outcome]
        miss = target.miss(mean)
        uncertain = np.sqrt(error**2 + chance + target.variance)
        ratio = np.full(len(points), np.inf)
        np.divide(miss, uncertain, out=ratio, where=uncertain > 0)
        columns[:, column] = np.where(miss == 0, 0.0, ratio)
    return columns


@dataclass(frozen=True)
class Wave:
    """What one wave of runs taught: the emulators, and the targets they are held against.

    ``misses`` is the number of targets that a point may miss without being ruled out,
    ``on_average`` as in `implausibility`.
    """

    emulators: Mapping[str, Emulator]
    targets: tuple[Target, ...]
    misses: int = 0
    on_average: bool = False

    def by_target(self, points: Floats) -> Floats:
        """Return the implausibility of each point by each target."""
        return implausibility(self.emulators, self.targets, points, on_average=self.on_average)

    def worst(self, by_target: Floats) -> Floats:
        """Return what decides over each point: the largest implausibility but ``misses``."""
        ordered: Floats = np.sort(by_target, axis=1)
        return ordered[:, max(0, ordered.shape[1] - 1 - self.misses)]


@dataclass(frozen=True, slots=True)
class Space:
    """Points drawn uniformly from the inputs' space, each as implausible as the waves find it.

    ``points`` has shape (n, inputs), ``worst`` shape (n,): the largest of the waves' verdicts up
    to the one that rules the point out. ``ruled_out`` is, by target, the share of the space that
    it rules out alone.
    """

    points: Floats
    worst: Floats
    ruled_out: Mapping[str, float]

    @property
    def left(self) -> Floats:
        """The points that are not ruled out."""
        return self.points[self.worst <= CUTOFF]

    @property
    def share(self) -> float:
        """Share of the space that is not ruled out."""
        return float(np.mean(self.worst <= CUTOFF))

    @property
    def best(self) -> Floats:
        """The least implausible point, even where every one is ruled out."""
        found: Floats = self.points[int(np.argmin(self.worst))]
        return found


def explore(waves: Sequence[Wave], inputs: int, generator: np.random.Generator) -> Space:
    """Look over the whole space of so many inputs, until enough of what is left is found.

    Waves explored with the same numbers see the same points, so that their shares compare.
    """
    points: list[Floats] = []
    worst: list[Floats] = []
    alone: dict[str, float] = {}
    found = tried = 0
    while tried < _MOST and found < _WANTED:
        batch = generator.random((_BATCH, inputs))
        verdict, by_target = _verdicts(waves, batch, whole=not points)
        alone = alone or by_target
        points.append(batch)
        worst.append(verdict)
        tried += len(batch)
        found += int(np.sum(verdict <= CUTOFF))
    return Space(np.concatenate(points), np.concatenate(worst), alone)


def _verdicts(
    waves: Sequence[Wave], points: Floats, *, whole: bool
) -> tuple[Floats, dict[str, float]]:
    """What decides over each point; if ``whole``, also the share each target rules out alone."""
    worst = np.zeros(len(points))
    out: dict[str, NDArray[np.bool_]] = {}
    for wave in waves:
        at = np.arange(len(points)) if whole else np.flatnonzero(worst <= CUTOFF)
        if not at.size:
            break
        by_target = wave.by_target(points[at])
        alive = worst[at] <= CUTOFF
        worst[at[alive]] = np.maximum(worst[at], wave.worst(by_target))[alive]
        for column, target in enumerate(wave.targets if whole else ()):
            beyond = by_target[:, column] > CUTOFF
            out[target.name] = out.get(target.name, np.zeros(len(points), dtype=bool)) | beyond
    return worst, {name: float(np.mean(beyond)) for name, beyond in out.items()}


def spread_out(points: Floats, count: int) -> Floats:
    """Return at most ``count`` of the points, each as far as can be from those before it."""
    chosen = [int(np.argmin(np.sum((points - points.mean(axis=0)) ** 2, axis=1)))]
    nearest = np.full(len(points), np.inf)
    while len(chosen) < min(count, len(points)):
        nearest = np.minimum(nearest, np.sum((points - points[chosen[-1]]) ** 2, axis=1))
        chosen.append(int(np.argmax(nearest)))
    return points[chosen]


@dataclass
class Match:
    """Waves of history matching, one after another; lists have one entry a wave.

    ``sampled`` has an array of shape (points of all waves, 3) for each outcome: replications in
    which it applies, mean, spread.
    """

    designs: list[Floats] = field(default_factory=list)
    waves: list[Wave] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)
    sampled: dict[str, Floats] = field(default_factory=dict)

    def learn(
        self,
        design: Floats,
        moments: Moments,
        targets: Sequence[Target],
        misses: int = 0,
        on_average: bool = False,
    ) -> None:
        """Take in a wave's runs, and fit an emulator to each outcome that enough points tell of.

        Raises SandtableError if there is no such outcome among the targets'.
        """
        self.designs.append(design)
        for name, table in moments.items():
            before = [self.sampled[name]] if name in self.sampled else []
            self.sampled[name] = np.concatenate([*before, table])
        points = np.concatenate(self.designs)
        enough = fewest_points(points.shape[1])
        emulators = {}
        for name, table in self.sampled.items():
            told = ~np.isnan(table[:, 1])
            if int(told.sum()) >= enough:
                count, mean, spread = table[told].T
                emulators[name] = Emulator(Sampled(points[told], mean, spread, count))
        usable = tuple(target for target in targets if target.outcome in emulators)
        if not usable:
            raise SandtableError(
                "none of the claimed outcomes occurs at enough points to be emulated; "
                f"found fewer than {enough} of {len(points)}; allowed: more points, wider ranges, "
                "or other claims"
            )
        self.waves.append(Wave(emulators, usable, misses, on_average))


def fewest_points(inputs: int) -> int:
    """Return the fewest points through which an emulator over so many inputs can be laid."""
    return 2 * inputs + 3


def match(
    runs: Runs,
    targets: Sequence[Target],
    *,
    inputs: int,
    points: int,
    waves: int,
    generator: Callable[[str], np.random.Generator],
    misses: int = 0,
    on_average: bool = False,
) -> Match:
    """Run at most ``waves`` waves of ``points`` points, each where something is left.

    The first wave's points are a Latin hypercube. ``generator`` gives the random numbers for a
    purpose by its name; ``misses`` targets may be missed by a point that is kept; ``on_average``
    is as in `implausibility`. Raises SandtableError as `Match.learn` does.
    """
    # Loaded here: whoever only draws a run's figures need not wait for it.
    from scipy.stats import qmc

    found = Match()
    # Sums of several threads come in any order, and with them the last digit.
    with threadpool_limits(limits=1, user_api="blas"):
        for number in range(1, waves + 1):
            if found.spaces:
                proposed = spread_out(found.spaces[-1].left, points)
            else:
                proposed = qmc.LatinHypercube(inputs, rng=generator("design")).random(points)
            found.learn(*runs(number, proposed), targets, misses, on_average)
            found.spaces.append(explore(found.waves, inputs, generator("explore")))
            if not len(found.spaces[-1].left):
                break
    return found

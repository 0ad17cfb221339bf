"""History matching on functions whose plausible region is known in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import qmc

from sandtable.errors import SandtableError
from sandtable.studies.calibrate.emulator import CUTOFF, Emulator, Sampled
from sandtable.studies.calibrate.method import (
    Match,
    Moments,
    Runs,
    Target,
    Wave,
    explore,
    match,
    spread_out,
)

Floats = NDArray[np.float64]


def generator(purpose: str) -> np.random.Generator:
    return np.random.default_rng(sum(purpose.encode()))


def latin_hypercube(points: int, inputs: int, draws: np.random.Generator) -> Floats:
    return np.asarray(qmc.LatinHypercube(inputs, rng=draws).random(points))


def model(sd: float, replications: int, **outcomes: Callable[[Floats], Floats]) -> Runs:
    """A model of known means and one spread, without Monte Carlo error."""

    def run(_: int, points: Floats) -> tuple[Floats, Moments]:
        count, spread = np.full(len(points), float(replications)), np.full(len(points), sd)
        return points, {
            name: np.stack([count, mean(points), spread], axis=1) for name, mean in outcomes.items()
        }

    return run


def disc(points: Floats) -> Floats:
    """Squared distance from the middle."""
    return np.asarray(np.sum((points - 0.5) ** 2, axis=1) * 10)


def first(points: Floats) -> Floats:
    return points[:, 0] * 10


def run_match(runs: Runs, targets: list[Target], **how: int) -> Match:
    settings = {"inputs": 2, "points": 25, "waves": 3, **how}
    return match(runs, targets, generator=generator, **settings)  # type: ignore[arg-type]


def test_what_is_left_is_the_disc_that_the_cutoff_draws() -> None:
    # |10 r² - 0| / 0.1·√(1 + 1/100) <= 3: a disc of radius √0.0301.
    found = run_match(model(0.1, 100, d=disc), [Target("claim", "d", 0.0, 0.0)])
    reach = CUTOFF * 0.1 * math.sqrt(1.01) / 10
    space = found.spaces[-1]
    assert space.share == pytest.approx(math.pi * reach, rel=0.1)
    radii = np.sum((space.left - 0.5) ** 2, axis=1)
    assert radii.max() <= reach * 1.05
    # Whatever lies well inside is kept.
    inside = np.sum((space.points - 0.5) ** 2, axis=1) < 0.9 * reach
    assert np.all(space.worst[inside] <= CUTOFF)


def test_each_wave_looks_only_where_something_is_left() -> None:
    found = run_match(model(0.1, 100, d=disc), [Target("claim", "d", 0.0, 0.0)])
    for space, design in zip(found.spaces, found.designs[1:], strict=False):
        left = {tuple(point) for point in space.left}
        assert {tuple(point) for point in design} <= left
    shares = [space.share for space in found.spaces]
    # Later waves see more points; on those that they share nothing comes back.
    seen = len(found.spaces[0].points)
    kept = [space.worst[:seen] <= CUTOFF for space in found.spaces]
    assert np.all(kept[2] <= kept[1]) and np.all(kept[1] <= kept[0])
    for earlier, later in zip(found.spaces, found.spaces[1:], strict=False):
        assert np.all(later.worst[:seen] >= earlier.worst[:seen])
    assert shares[2] > 0


def test_nothing_is_left_of_what_cannot_be_reached() -> None:
    targets = [Target("far", "x", 20.0, 21.0), Target("near", "d", 0.0, math.inf)]
    found = run_match(model(0.1, 100, x=first, d=disc), targets)
    assert len(found.waves) == 1
    assert not len(found.spaces[-1].left)
    assert found.spaces[-1].ruled_out == {"far": 1.0, "near": 0.0}
    # The least implausible point is the one that comes nearest.
    assert found.spaces[-1].best[0] > 0.99


def test_a_miss_that_is_allowed_keeps_what_the_rest_allows() -> None:
    targets = [
        Target("far", "x", 20.0, 21.0),
        Target("left", "x", -math.inf, 5.0),
        Target("all", "d", 0.0, math.inf),
    ]
    space = run_match(model(0.05, 100, x=first, d=disc), targets, misses=1).spaces[-1]
    assert space.share == pytest.approx(0.5 + 3 * 0.05 / 10, abs=0.03)


def test_ends_that_are_open_and_ranges() -> None:
    values = np.array([1.0, 4.0, 9.0])
    assert Target("t", "x", 3.0, 5.0).miss(values).tolist() == [3.0, 0.0, 5.0]
    assert Target("t", "x", 3.0, math.inf).miss(values).tolist() == [2.0, 0.0, 0.0]
    assert Target("t", "x", -math.inf, 3.0).miss(values).tolist() == [0.0, 1.0, 6.0]
    assert Target("t", "x", 3.0, 5.0, 2.0).variance == pytest.approx(4 / 12 + 4)
    assert Target("t", "x", 3.0, math.inf, 2.0).variance == 4.0


def test_implausibility_divides_by_all_that_is_uncertain() -> None:
    # A model that comes to 4 everywhere: no error of the emulator, chance 0.5² (1 + 1/10).
    points = latin_hypercube(10, 1, generator("flat"))
    ten = np.full(10, 10.0)
    emulators = {"x": Emulator(Sampled(points, 0.4 * ten, 0.05 * ten, ten))}
    target = Target("t", "x", 5.0, 7.0, discrepancy=1.0)
    wanted = 2.0 / math.sqrt(0.25 * 1.1 + 4 / 12 + 1.0)
    assert Wave(emulators, (target,)).by_target(points)[0, 0] == pytest.approx(wanted)
    on_average = Wave(emulators, (target,), on_average=True).by_target(points)[0, 0]
    assert on_average == pytest.approx(2.0 / math.sqrt(0.25 * 0.1 + 4 / 12 + 1.0))


def test_without_any_uncertainty_a_miss_is_infinite() -> None:
    points = latin_hypercube(10, 1, generator("flat"))
    ten = np.full(10, 10.0)
    emulators = {"x": Emulator(Sampled(points, 0.4 * ten, 0.0 * ten, ten))}
    wave = Wave(emulators, (Target("t", "x", 4.0, 4.0), Target("u", "x", 5.0, 5.0)))
    assert wave.by_target(points)[0].tolist() == [0.0, math.inf]


@pytest.mark.verify
def test_the_emulator_tells_how_well_it_knows() -> None:
    draws = generator("noise")
    points, fresh = latin_hypercube(40, 2, draws), draws.random((400, 2))

    def truth(at: Floats) -> Floats:
        return np.asarray(np.sin(4 * at[:, 0]) + at[:, 1] ** 2)

    spread, count = 0.2 + 0.3 * points[:, 1], np.full(40, 25.0)
    means = truth(points) + draws.standard_normal(40) * spread / 5
    emulator = Emulator(Sampled(points, means, spread, count))
    mean, error = emulator.mean(fresh)
    standardised = (mean - truth(fresh)) / error
    assert np.mean(np.abs(standardised) < 2) > 0.85
    assert np.mean(np.abs(standardised) < 2) < 1.0 or np.std(standardised) > 0.4
    assert emulator.spread(fresh) == pytest.approx(0.2 + 0.3 * fresh[:, 1], abs=0.03)
    assert emulator.well_predicted >= 0.95


def test_points_left_out_one_at_a_time_are_predicted_from_the_others() -> None:
    draws = generator("left out")
    points = latin_hypercube(12, 1, draws)
    count, spread = np.full(12, 9.0), np.full(12, 0.3)
    means = np.asarray(points[:, 0] ** 2)
    surface = Emulator(Sampled(points, means, spread, count))._mean
    # By hand: the process without the point, its kernel as it was fitted.
    kernel, k = surface._process.kernel_, 4
    rest = np.arange(12) != k
    scaled = (means - surface._middle) / surface._scale
    noise = surface._process.alpha[0]
    inner = kernel(points[rest]) + noise * np.eye(11)
    across = kernel(points[[k]], points[rest])
    predicted = across @ np.linalg.solve(inner, scaled[rest])
    variance = kernel(points[[k]]) - across @ np.linalg.solve(inner, across.T) + noise
    wanted = (scaled[k] - predicted[0]) / math.sqrt(variance[0, 0])
    assert surface.left_out()[k] == pytest.approx(wanted, rel=1e-6)


def test_outcomes_that_hardly_apply_are_left_out() -> None:
    def run(_: int, points: Floats) -> tuple[Floats, Moments]:
        some = np.stack([np.full(len(points), 9.0), points[:, 0], points[:, 0]], axis=1)
        rare = some.copy()
        rare[5:, 1:] = np.nan
        return points, {"x": some, "rare": rare}

    targets = [Target("a", "x", 0.0, 1.0), Target("b", "rare", 0.0, 1.0)]
    found = run_match(run, targets, waves=1)
    assert [target.name for target in found.waves[0].targets] == ["a"]
    with pytest.raises(SandtableError, match="found fewer than 7 of 25"):
        run_match(run, targets[1:], waves=1)


def test_the_same_numbers_give_the_same_match() -> None:
    found = [run_match(model(0.1, 100, d=disc), [Target("c", "d", 0.0, 0.0)]) for _ in range(2)]
    for mine, theirs in zip(found[0].spaces, found[1].spaces, strict=True):
        assert np.array_equal(mine.points, theirs.points)
        assert np.array_equal(mine.worst, theirs.worst)


def test_the_first_wave_has_a_point_in_every_slice_of_each_input() -> None:
    found = run_match(model(0.1, 100, d=disc), [Target("c", "d", 0.0, 0.0)], points=20, waves=1)
    assert found.designs[0].shape == (20, 2)
    for column in found.designs[0].T:
        assert sorted((column * 20).astype(int)) == list(range(20))


def test_points_are_spread_out() -> None:
    draws = generator("spread")
    cloud = np.concatenate([draws.normal(0.1, 0.01, (500, 2)), draws.normal(0.9, 0.01, (5, 2))])
    chosen = spread_out(cloud, 4)
    assert {bool(point[0] > 0.5) for point in chosen} == {False, True}
    assert len(spread_out(cloud[:3], 10)) == 3


def test_exploring_goes_on_until_enough_is_found() -> None:
    found = run_match(model(0.001, 100, d=disc), [Target("c", "d", 0.0, 0.0)], waves=2)
    assert len(found.spaces[-1].points) > 4096
    whole = explore(found.waves[:1], 2, generator("again"))
    assert whole.share == pytest.approx(found.spaces[0].share, rel=0.5)

"""How much work a sensitivity analysis is, and the runs that each of its stages takes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sandtable.errors import SandtableError
from sandtable.studies.sensitivity.method import (
    Design,
    check_samples,
    check_trajectories,
    morris_design,
    sobol_design,
)
from sandtable.studies.sensitivity.uncertain_inputs import CHANCE, Input

REST = "all others"
"""Group of the inputs that have no index of their own."""

_CHANCES = 2**20
"""Of how many replications chance picks one: so many that rows share one by design alone."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much work a sensitivity analysis is.

    ``trajectories`` of the screening, each run with the chance of ``repeats`` replications;
    ``samples`` of the indices and of the split; ``strongest``: how many inputs get an index of
    their own; ``singly``: up to how many quantities of the scenario are screened one by one.
    Raises SandtableError with every number that won't do, and with one that will.
    """

    trajectories: int = 10
    repeats: int = 3
    samples: int = 512
    strongest: int = 8
    singly: int = 120

    def __post_init__(self) -> None:
        wrong = []
        checks = ((check_trajectories, self.trajectories), (check_samples, self.samples))
        for check, value in checks:
            try:
                check(value)
            except SandtableError as error:
                wrong.append(str(error))
        for name, low in (("repeats", 1), ("strongest", 1), ("singly", 0)):
            if (found := getattr(self, name)) < low:
                wrong.append(f"{name}: found {found}; allowed: a whole number from {low}")
        if wrong:
            raise SandtableError("\n".join(wrong))

    def runs(self, inputs: Sequence[Input]) -> dict[str, int]:
        """Return how many runs of the model each stage takes."""
        groups, sources = len({one.group for one in inputs}), len({one.source for one in inputs})
        own = min(self.strongest, groups) + (groups > self.strongest)
        # A design of variance has two rows besides one a group, and chance is a group.
        return {
            "screening": self.trajectories * (groups + 1) * self.repeats,
            "indices": self.samples * (own + 3),
            "split": self.samples * (sources + 3),
        }


@dataclass(frozen=True)
class Stage:
    """A design, and the inputs (n, d) and replications (n,) of the runs that it takes."""

    name: str
    design: Design
    rows: NDArray[np.float64]
    replications: NDArray[np.int64]

    @cached_property
    def key(self) -> str:
        """The stage's name with a digest of its rows: another set of rows has another key."""
        digest = hashlib.blake2b(self.rows.tobytes(), digest_size=8)
        digest.update(self.replications.tobytes())
        return f"{self.name}-{digest.hexdigest()}"


def screening(inputs: Sequence[Input], plan: Plan, seed: Callable[[str], int]) -> Stage:
    """Move every group, each row run with the chance of the same few replications.

    ``seed`` gives the seed of a name.
    """
    groups = [one.group for one in inputs]
    design = morris_design(groups, plan.trajectories, seed("morris/design"))
    rows = np.repeat(design.rows, plan.repeats, axis=0)
    return Stage("morris", design, rows, np.tile(np.arange(plan.repeats), len(design.rows)))


def indices_of(
    inputs: Sequence[Input], chosen: Sequence[str], plan: Plan, seed: Callable[[str], int]
) -> Stage:
    """Draw all inputs; each of the ``chosen`` groups, all others, and chance have an index."""
    groups = [one.group if one.group in chosen else REST for one in inputs]
    return _with_chance("sobol", groups, plan, seed)


def split_of(inputs: Sequence[Input], plan: Plan, seed: Callable[[str], int]) -> Stage:
    """Draw all inputs; each source of uncertainty has an index, chance among them."""
    return _with_chance("split", [one.source for one in inputs], plan, seed)


def _with_chance(name: str, groups: Sequence[str], plan: Plan, seed: Callable[[str], int]) -> Stage:
    design = sobol_design([*groups, CHANCE], plan.samples, seed(f"{name}/design"))
    replications = (design.rows[:, -1] * _CHANCES).astype(np.int64)
    return Stage(name, design, design.rows[:, :-1], replications)

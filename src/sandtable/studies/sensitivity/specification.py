"""How much work a sensitivity analysis is, and the runs that each of its stages takes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sandtable.errors import SandtableError
from sandtable.runs import repeated
from sandtable.studies.sensitivity.method import (
    SamplingDesign,
    check_samples,
    check_trajectories,
    morris_design,
    sobol_design,
)
from sandtable.studies.sensitivity.uncertain_inputs import CHANCE, UncertainInput

REST = "all others"
"""Group of the inputs that have no index of their own."""

_CHANCES = 2**20
"""Of how many replications chance picks one: so many that rows share one by design alone."""


@dataclass(frozen=True, slots=True)
class SensitivitySpecification:
    """What a sensitivity analysis looks at, and how much work it is.

    ``outcomes`` are names or patterns of names (none: those by which a campaign is judged).
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
    outcomes: tuple[str, ...] = ()

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

    @property
    def sizes(self) -> dict[str, int]:
        """The numbers by the names of their options."""
        return {name: number for name, number in asdict(self).items() if name != "outcomes"}

    @property
    def words(self) -> list[str]:
        """The specification as the command line writes it."""
        sizes = [word for name, n in self.sizes.items() for word in (f"--{name}", str(n))]
        return [*sizes, *repeated("--outcomes", self.outcomes)]

    def runs(self, inputs: Sequence[UncertainInput]) -> dict[str, int]:
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
class AnalysisStage:
    """A design, and the inputs (n, d) and replications (n,) of the runs that it takes."""

    name: str
    design: SamplingDesign
    rows: NDArray[np.float64]
    replications: NDArray[np.int64]

    @cached_property
    def key(self) -> str:
        """The stage's name with a digest of its rows: another set of rows has another key."""
        digest = hashlib.blake2b(self.rows.tobytes(), digest_size=8)
        digest.update(self.replications.tobytes())
        return f"{self.name}-{digest.hexdigest()}"


def screening(
    inputs: Sequence[UncertainInput],
    specification: SensitivitySpecification,
    seed: Callable[[str], int],
) -> AnalysisStage:
    """Move every group, each row run with the chance of the same few replications.

    ``seed`` gives the seed of a name.
    """
    groups = [one.group for one in inputs]
    design = morris_design(groups, specification.trajectories, seed("morris/design"))
    rows = np.repeat(design.rows, specification.repeats, axis=0)
    return AnalysisStage(
        "morris", design, rows, np.tile(np.arange(specification.repeats), len(design.rows))
    )


def indices_of(
    inputs: Sequence[UncertainInput],
    chosen: Sequence[str],
    specification: SensitivitySpecification,
    seed: Callable[[str], int],
) -> AnalysisStage:
    """Draw all inputs; each of the ``chosen`` groups, all others, and chance have an index."""
    groups = [one.group if one.group in chosen else REST for one in inputs]
    return _with_chance("sobol", groups, specification, seed)


def split_of(
    inputs: Sequence[UncertainInput],
    specification: SensitivitySpecification,
    seed: Callable[[str], int],
) -> AnalysisStage:
    """Draw all inputs; each source of uncertainty has an index, chance among them."""
    return _with_chance("split", [one.source for one in inputs], specification, seed)


def _with_chance(
    name: str,
    groups: Sequence[str],
    specification: SensitivitySpecification,
    seed: Callable[[str], int],
) -> AnalysisStage:
    design = sobol_design([*groups, CHANCE], specification.samples, seed(f"{name}/design"))
    replications = (design.rows[:, -1] * _CHANCES).astype(np.int64)
    return AnalysisStage(name, design, design.rows[:, :-1], replications)

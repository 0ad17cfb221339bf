"""An ensemble that grows in rounds until its means are known well enough."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sandtable.amounts import REPLICATIONS, require
from sandtable.ensemble.failures import Failure
from sandtable.ensemble.replications import Part, Settings, columns, parts_of, run_parts
from sandtable.errors import SandtableError, nearest

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

# An outcome that takes a value other than zero in a smaller share of replications hardly ever
# comes about: the relative error of its mean would ask for a run without end.
HARDLY_EVER = 0.05


@dataclass(frozen=True)
class StoppingRule:
    """Stop when the mean of every outcome is known to the relative ``error``.

    ``error`` is the Monte Carlo standard error of the mean, as a share of the mean's magnitude;
    ``outcomes`` are names; ``at_most`` replications are worked. Raises SandtableError when a
    number is out of its range.
    """

    error: float
    outcomes: tuple[str, ...]
    at_most: int = 10_000

    def __post_init__(self) -> None:
        if not 0 < self.error < 1:
            raise SandtableError(
                f"--until-error: found {self.error:g}; allowed: above 0, below 1 (100%)"
            )
        require([REPLICATIONS.fault("--at-most", self.at_most)])
        if not self.outcomes:
            raise SandtableError("--until-error: found no outcome; allowed: one at least")

    @property
    def words(self) -> list[str]:
        """The rule as the command line writes it."""
        words = ["--until-error", f"{self.error:g}", "--at-most", str(self.at_most)]
        return words + [word for name in self.outcomes for word in ("--outcomes", name)]

    def sizes(self, settings: Settings) -> Iterator[int]:
        """Yield the number of replications at the end of each round.

        The first round has those of ``settings``, every further one half as many again, in
        whole parts; the last ends at ``at_most``. Raises SandtableError when that is less than
        the first round.
        """
        size, total = settings.part_size, settings.replications
        if self.at_most < total:
            raise SandtableError(
                f"--at-most: found {self.at_most}; allowed: a whole number from {total}, "
                "the replications of the first round"
            )
        while True:
            total = min(math.ceil(total / size) * size, self.at_most)
            yield total
            if total == self.at_most:
                return
            total += math.ceil(total / 2)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far an ensemble went: how many ``replications``, and which of them failed.

    ``errors`` holds the relative standard error of the mean of each outcome that was waited
    for; ``left_out`` names those that never or hardly ever came about.
    """

    replications: int
    failures: tuple[Failure, ...] = ()
    errors: Mapping[str, float] | None = None
    left_out: tuple[str, ...] = ()


def run_ensemble(
    scenario: Scenario,
    settings: Settings,
    until: StoppingRule | None,
    *,
    done: Collection[int] = (),
    outcomes_of: Callable[[int], NDArray[np.float64]] | None = None,
    on_part: Callable[[Part], None],
    keep_failures: bool = False,
) -> Reached:
    """Run an ensemble: of the settings' size, or, with ``until``, in rounds until it is known.

    ``done`` are first replications of parts that need no more work, whose outcomes
    ``outcomes_of`` returns. Whether a round is the last is decided at its end, from all its
    replications in their order, so that it depends neither on processes nor on interruptions.
    A round with failures is the last, unless ``keep_failures``. Raises as `run_parts`.
    """
    where = _places(until, columns(scenario)[0])
    outcomes: dict[int, NDArray[np.float64]] = {}
    failures: list[Failure] = []

    def keep(part: Part) -> None:
        if until is not None:
            outcomes[part.first] = part.outcomes[part.kept][:, where]
        failures.extend(part.failures)
        on_part(part)

    finished = set(done)
    for total in until.sizes(settings) if until else [settings.replications]:
        this = replace(settings, replications=total)
        run_parts(scenario, this, skip=finished | set(outcomes), on_part=keep)
        told = tuple(sorted(failures, key=lambda failure: failure.replication))
        if until is None or (told and not keep_failures):
            return Reached(total, told)
        for first in parts_of(this):
            if first not in outcomes:
                assert outcomes_of is not None
                outcomes[first] = outcomes_of(first)[:, where]
        table = np.concatenate([outcomes[first] for first in parts_of(this)])
        errors, left_out = relative_errors(until.outcomes, table)
        if errors and max(errors.values()) <= until.error:
            break
    return Reached(total, told, errors, left_out)


def relative_errors(
    names: Sequence[str], table: NDArray[np.float64]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the relative error of the mean of each column, and the names left out.

    The mean is over the replications in which the outcome came about (not NaN). One that takes
    a value other than zero in fewer than ``HARDLY_EVER`` of them, or fewer than two, is left out.
    """
    errors: dict[str, float] = {}
    for name, column in zip(names, table.T, strict=True):
        values = column[np.isfinite(column)]
        came = np.count_nonzero(values)
        if came < 2 or came < HARDLY_EVER * len(column):
            continue
        error = float(values.std(ddof=1)) / math.sqrt(values.size)
        mean = abs(float(values.mean()))
        errors[name] = error / mean if mean else math.inf
    return errors, tuple(name for name in names if name not in errors)


def matching(patterns: Sequence[str], names: Sequence[str], option: str) -> tuple[str, ...]:
    """Return those of ``names`` that match any pattern, in their order.

    Raises SandtableError for each pattern that matches none, with the nearest name.
    """
    wrong = []
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            close = nearest(pattern, names)
            hint = f"; did you mean '{close}'?" if close else ""
            wrong.append(f"{option}: found {pattern}; allowed: an outcome of the campaign{hint}")
    if wrong:
        raise SandtableError("\n".join(wrong))
    return tuple(n for n in names if any(fnmatchcase(n, pattern) for pattern in patterns))


def _places(until: StoppingRule | None, names: Sequence[str]) -> list[int]:
    return [names.index(name) for name in until.outcomes] if until else []

"""The model at inputs of one's choice: what is uncertain, whose it is, and runs at given rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sandtable.calendar import Calendar
from sandtable.ensemble.executors import map_unordered, workers
from sandtable.ensemble.failures import Failure, failure_of
from sandtable.ensemble.replications import (
    Settings,
    garbage_collected_after,
    law_sampler_of,
    payload_of,
    work_of,
)
from sandtable.outcomes import is_moment

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

Floats = NDArray[np.float64]

EVIDENCE = "disputed evidence"
ASSUMPTIONS = "assumptions"
LAWS = "laws"
PLANNING = "planning figures"
CHANCE = "chance"
SOURCES = (EVIDENCE, ASSUMPTIONS, LAWS, PLANNING, CHANCE)
"""What an outcome's spread can come from."""

_FACT = "fact:"
_ARMIES = ("attacking-nation", "defending-nation")
_WARS = ("war", "campaign")


class UncertainInput(NamedTuple):
    """One uncertain input: its name, the group it is moved with, and the source it belongs to."""

    name: str
    group: str
    source: str


def uncertain_inputs(scenario: Scenario, singly: int = 120) -> tuple[UncertainInput, ...]:
    """Return every uncertain input, the scenario's first, then the laws', in order of draws.

    Up to ``singly`` quantities of the scenario are groups of their own; of more, those of one
    kind (``formation.*.effectiveness``) are one group, and disputed facts alone stay single.
    The laws' coefficients go by law, with wars and armies apart, planning figures by section.
    """
    names = scenario.sampler.uncertain
    by_kind = len(names) > singly
    own = [
        UncertainInput(name, name, EVIDENCE)
        if name.startswith(_FACT)
        else UncertainInput(name, _kind(name) if by_kind else name, ASSUMPTIONS)
        for name in names
    ]
    sampler = law_sampler_of(scenario.sampler)
    planning = {f"law.{name}" for name in sampler.planning.uncertain}
    laws = [
        UncertainInput(name, f"planning: {name.split('.')[1]}", PLANNING)
        if name in planning
        else UncertainInput(name, _law_group(name), LAWS)
        for name in sampler.uncertain
    ]
    return (*own, *laws)


class InputPart(NamedTuple):
    """Consecutive rows from number ``first``: outcomes (n, wanted), and the rows that raised.

    A row that raised is NaN throughout; its `Failure` holds the number of the row in place of
    that of the replication.
    """

    first: int
    outcomes: Floats
    failures: tuple[Failure, ...]

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Tell of each row whether it came to its end, shape (n,)."""
        whole = np.ones(len(self.outcomes), dtype=np.bool_)
        whole[[failure.replication - self.first for failure in self.failures]] = False
        return whole


def run_inputs(
    scenario: Scenario,
    settings: Settings,
    rows: Floats,
    replications: NDArray[np.int64],
    *,
    wanted: Sequence[int],
    skip: Collection[int] = (),
    on_part: Callable[[InputPart], None],
) -> None:
    """Run the model once at each row of inputs and hand over the parts as they are done.

    ``rows``: (n, inputs), numbers in [0, 1) in the order of `uncertain_inputs`. ``replications``:
    (n,), the replication whose streams give a row its chance. ``wanted``: columns of the
    outcomes to keep. Parts of ``settings.part_size`` rows come in any order; those whose first
    row is in ``skip`` are left out. Raises SandtableError as `workers` does.
    """
    payload = payload_of(scenario, settings)
    keep, size = tuple(wanted), settings.part_size
    firsts = [first for first in range(0, len(rows), size) if first not in skip]
    todo = (
        (payload, first, rows[first : first + size], replications[first : first + size], keep)
        for first in firsts
    )
    jobs = min(settings.jobs, len(firsts) or 1)
    with workers(jobs, settings.scheduler) as (executor, ahead):
        for part in map_unordered(executor, ahead, _evaluate, todo):
            on_part(part)


def _evaluate(
    payload: bytes,
    first: int,
    rows: Floats,
    replications: NDArray[np.int64],
    wanted: tuple[int, ...],
) -> InputPart:
    work = work_of(payload)
    own = len(work.sampler.uncertain)
    outcomes = np.full((len(rows), len(wanted)), np.nan)
    failures = list[Failure]()
    with garbage_collected_after():
        for i, (row, replication) in enumerate(
            zip(rows.tolist(), replications.tolist(), strict=True)
        ):
            try:
                found = work.run(replication, row[:own], row[own:]).outcomes
            except Exception as error:
                failures.append(failure_of(first + i, work.seed, error))
                continue
            outcomes[i] = [found[k] for k in wanted]
    return InputPart(first, outcomes, tuple(failures))


@dataclass(frozen=True, slots=True)
class Handling:
    """What became of the values of one outcome where it never came about."""

    values: Floats
    never: float
    said: str


def without_never(
    name: str, values: Floats, failed: NDArray[np.bool_], calendar: Calendar
) -> Handling:
    """Give an outcome a value in every run that can have one.

    A day on which something never happened counts as the campaign's end.
    A share of nothing stays NaN, as does every run that ``failed``. ``never`` is the share of
    the other runs in which it did not come about.
    """
    missing = np.isnan(values) & ~failed
    never = float(missing.sum() / max(1, (~failed).sum()))
    if not missing.any():
        return Handling(values, never, "")
    if is_moment(name):
        told = np.where(failed, values, calendar.never_as_end(values))
        return Handling(told, never, f"never counts as day {calendar.days:.4g}, the end")
    return Handling(values, never, "designs' blocks with a run without value are left out")


def _kind(name: str) -> str:
    first, _, *rest = name.split(".")
    return ".".join([first, "*", *(part for part in rest if part != "times")])


def _law_group(name: str) -> str:
    _, law, *rest = name.split(".")
    if any(part in _ARMIES for part in rest):
        return "laws: armies"
    if any(part in _WARS for part in rest):
        return "laws: war and campaign"
    return f"laws: {law}"

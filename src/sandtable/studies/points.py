"""The points of an experiment: a scenario read once, and what is changed in it at each of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.campaign import Campaign, load
from sandtable.ensemble import columns
from sandtable.ensemble.replications import collected_at_the_end
from sandtable.errors import InputError, Problem
from sandtable.runs import Request
from sandtable.runs.fitted import fitted_to
from sandtable.scenario.load import Source
from sandtable.studies.vary.dimension import (
    NO_MECHANISM,
    NO_VARIANT,
    VARIANT,
    WITHOUT,
    Dimension,
    Value,
    value_text,
)

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

# Scenarios that are kept from loading to running, a few megabytes each.
_HELD = 64


@dataclass(frozen=True, slots=True)
class Base(Request):
    """What is asked for at every point; ``register`` as for `load`."""

    register: Path | None = None

    def load(self) -> Campaign:
        """Load the campaign. Raises InputError with every problem."""
        return load(
            self.scenario,
            overrides=self.overrides,
            overlay=self.overlay,
            variant=self.variant,
            without=self.without,
            register=self.register,
        )

    def at(self, dimensions: Sequence[Dimension], point: Sequence[Value]) -> Base:
        """Return the base with the values of one point."""
        changed = self
        for dimension, value in zip(dimensions, point, strict=True):
            text = value_text(value)
            if dimension.key == VARIANT:
                changed = replace(changed, variant=None if text == NO_VARIANT else text)
            elif dimension.key == WITHOUT:
                off = () if text == NO_MECHANISM else tuple(text.split("+"))
                changed = replace(changed, without=(*changed.without, *off))
            else:
                setting = f"{dimension.key}={text}"
                changed = replace(changed, overrides=(*changed.overrides, setting))
        return changed


@dataclass(frozen=True, slots=True)
class Point:
    """One point: what is asked for there, its calendar, its outcomes, what its results rest on.

    ``fitted_to`` are the claims to which any of its quantities was fitted.
    """

    values: tuple[Value, ...]
    base: Base
    h_hour: datetime
    days: float
    outcomes: tuple[str, ...]
    digest: str
    fitted_to: tuple[str, ...]


@dataclass(frozen=True)
class Points:
    """Makes the scenarios of points from files that are read once; ``held`` are the first few."""

    source: Source
    held: dict[Request, Scenario] = field(default_factory=dict)

    @classmethod
    def of(cls, campaign: Campaign) -> Points:
        """Read the files of a campaign. Raises InputError where they can't be read."""
        return cls(Source.read(campaign.request.scenario, campaign.register))

    def scenario(self, asked: Request) -> Scenario:
        """Return the scenario as asked for at a point. Raises InputError with every problem."""
        if asked in self.held:
            return self.held[asked]
        made = self.source.scenario(
            overrides=asked.overrides,
            overlay=asked.overlay,
            variant=asked.variant,
            without=asked.without,
        )
        if len(self.held) < _HELD:
            self.held[asked] = made
        return made

    def scenarios(self, asked: Iterable[Request]) -> list[Scenario]:
        """Return several of them."""
        with collected_at_the_end():
            return [self.scenario(one) for one in asked]

    def place(
        self,
        base: Base,
        dimensions: Sequence[Dimension],
        values: Sequence[tuple[Value, ...]],
        on_point: Callable[[], None] | None = None,
    ) -> tuple[list[Point], list[Problem]]:
        """Load every point; return those that can be loaded and each fault once.

        ``on_point`` is told of each point done.
        """
        placed, faults = list[Point](), dict[tuple[str, str, str], Problem]()
        with collected_at_the_end():
            for value in values:
                try:
                    placed.append(self._point(value, base.at(dimensions, value)))
                except InputError as error:
                    for problem in (_of_argument(fault, dimensions) for fault in error.problems):
                        faults.setdefault((problem.file, problem.key, problem.found), problem)
                if on_point is not None:
                    on_point()
        return placed, list(faults.values())

    def _point(self, value: tuple[Value, ...], asked: Base) -> Point:
        scenario = self.scenario(asked)
        facts = [self._fact_digests[name] for name in sorted(scenario.facts_used)]
        return Point(
            value,
            asked,
            scenario.h_hour,
            scenario.sampler.central().days,
            columns(scenario)[0],
            digest([scenario.digest, facts]),
            tuple(fitted_to(scenario.quantities)),
        )

    @cached_property
    def _fact_digests(self) -> dict[str, str]:
        return {name: digest(repr(fact)) for name, fact in self.source.facts.items()}


def digest(value: Any) -> str:
    """Return the SHA-256 of a value that JSON can hold."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _of_argument(problem: Problem, dimensions: Sequence[Dimension]) -> Problem:
    """Name the argument of a fault that a varied key brought in."""
    special = {"--variant": VARIANT, "--without": WITHOUT}.get(problem.file)
    for dimension in dimensions:
        within = problem.key == dimension.key or problem.key.startswith(f"{dimension.key}.")
        if special == dimension.key or (problem.file == "--set" and within):
            return replace(problem, file=dimension.text)
    return problem

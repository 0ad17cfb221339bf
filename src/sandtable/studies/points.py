"""The points of a study: files read once, and a scenario made of them at each point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sandtable.campaign import Campaign
from sandtable.ensemble import Part, Settings, run_points
from sandtable.ensemble.replications import garbage_collected_after
from sandtable.runs import Request
from sandtable.scenario.load import ScenarioSource

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

# Scenarios that are in memory at a time, a few megabytes each.
_MOST_KEPT = 64


@dataclass(frozen=True)
class Points:
    """Makes the scenarios of points from files that are read once; ``kept`` are the first few."""

    source: ScenarioSource
    kept: dict[Request, Scenario] = field(default_factory=dict)

    @classmethod
    def of(cls, campaign: Campaign) -> Points:
        """Read the files of a campaign. Raises InputError where they can't be read."""
        return cls(ScenarioSource.read(campaign.request.scenario, campaign.register))

    def scenario(self, asked: Request) -> Scenario:
        """Return the scenario as asked for at a point. Raises InputError with every problem."""
        if asked in self.kept:
            return self.kept[asked]
        made = self.source.scenario(
            overrides=asked.overrides,
            overlay=asked.overlay,
            variant=asked.variant,
            without=asked.without,
            phase=asked.phase,
        )
        if len(self.kept) < _MOST_KEPT:
            self.kept[asked] = made
        return made

    def scenarios(self, asked: Iterable[Request]) -> list[Scenario]:
        """Return several of them."""
        with garbage_collected_after():
            return [self.scenario(one) for one in asked]

    def run(
        self,
        asked: Sequence[Request],
        settings: Settings,
        done: Collection[tuple[int, int]],
        on_part: Callable[[Part], None],
    ) -> None:
        """Run an ensemble at each point that is ``asked`` for, a few points at a time.

        A part's ``point`` is the place among all of them; those whose point and first replication
        are ``done`` are left out. Raises as `run_points`.
        """
        for start in range(0, len(asked), _MOST_KEPT):
            scenarios = self.scenarios(asked[start : start + _MOST_KEPT])
            skip = {(point - start, first) for point, first in done}

            def hand_on(part: Part, start: int = start) -> None:
                on_part(replace(part, point=start + part.point))

            run_points(scenarios, settings, skip=skip, on_part=hand_on)

    def digest(self, scenario: Scenario) -> str:
        """Return the SHA-256 of a point's scenario and of the facts that it rests on."""
        facts = [self._fact_digests[name] for name in sorted(scenario.facts_used)]
        return digest([scenario.digest, facts])

    @cached_property
    def _fact_digests(self) -> dict[str, str]:
        return {name: digest(repr(fact)) for name, fact in self.source.facts.items()}


def digest(value: Any) -> str:
    """Return the SHA-256 of a value that JSON can hold."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

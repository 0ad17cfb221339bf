"""Contradictions in a register: facts with several figures, claims of one outcome far apart.

Two facts contradict each other if they have no point in common and

- say the same quantity of the same subject, or
- a scenario draws between them, as it does where it cites both for one key;

or if the note of one says that it contradicts or differs from the other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING

from sandtable.comparison import Claim
from sandtable.comparison.truth import claimed, disputed
from sandtable.errors import QuantityError
from sandtable.evidence import Fact
from sandtable.units import canonical, convert

if TYPE_CHECKING:
    from sandtable.calendar import Calendar
    from sandtable.scenario import QuantityUse, Scenario

_SAYS = re.compile(r"(?:contradicts|differs from|against) ([a-z0-9]+(?:-[a-z0-9]+)+)", re.I)
FACT = "fact:"
"""Begins the name of an uncertain input that is a range between facts."""


@dataclass(frozen=True, slots=True)
class Use:
    """How a scenario uses a dispute: the keys that cite these of its ``facts``.

    ``low`` and ``high`` in ``unit``, as those of a `QuantityUse`. ``input``: name under which the
    range is drawn, empty if one figure was chosen. ``because``: the reasons given, if any.
    ``shared``: each key has a part of it, and the range is that of the facts.
    """

    keys: tuple[str, ...]
    facts: tuple[str, ...]
    low: float
    high: float
    unit: str
    input: str
    because: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class FactDispute:
    """Facts that contradict one another, lowest first, and how the scenario uses them."""

    facts: tuple[Fact, ...]
    uses: tuple[Use, ...]

    @property
    def title(self) -> str:
        """What is in dispute: subjects and quantities."""
        return "; ".join(dict.fromkeys(f"{f.subject}, {f.quantity}" for f in self.facts))

    @property
    def dated(self) -> bool:
        """Whether it is about moments."""
        return any(fact.unit == "date" for fact in self.facts)


@dataclass(frozen=True, slots=True)
class ClaimDispute:
    """Claims of one outcome of which two have no point in common, in the register's order."""

    outcome: str
    claims: tuple[Claim, ...]


def fact_disputes(scenario: Scenario) -> list[FactDispute]:
    """Return the contradictions among the facts of a scenario's campaign and those that it cites.

    In the order of the register. Raises InputError for a register with faults.
    """
    campaign, cited = scenario.file.scenario.campaign, scenario.facts_used
    facts = {id: f for id, f in scenario.facts.items() if f.campaign == campaign or id in cited}
    ranges = {id: _range(fact, scenario.calendar) for id, fact in facts.items()}
    together = [use.facts for use in scenario.quantities if len(use.facts) > 1]
    links = [*_alike(facts), *_drawn_between(together)]
    pairs = [(a, b) for a, b in links if _apart(ranges[a], ranges[b])]
    groups = _joined([*pairs, *_noted(facts)], facts)
    return [
        FactDispute(
            tuple(sorted((facts[id] for id in group), key=lambda f: (ranges[f.id][1:], f.id))),
            tuple(_uses(scenario, {id: ranges[id] for id in group})),
        )
        for group in groups
    ]


def claim_disputes(claims: Sequence[Claim], calendar: Calendar) -> list[ClaimDispute]:
    """Return the outcomes whose claimants contradict one another, in the register's order."""
    by_outcome: dict[str, list[Claim]] = {}
    for claim in claims:
        by_outcome.setdefault(claim.outcome, []).append(claim)
    return [
        ClaimDispute(outcome, tuple(own))
        for outcome, own in by_outcome.items()
        if disputed(claimed([(c.claimant, c.source, *c.interval(calendar)[:2]) for c in own]))
    ]


Range = tuple[str, float, float]
"""Unit and ends; open ends are infinite."""


def _range(fact: Fact, calendar: Calendar) -> Range:
    if fact.unit == "date":
        ends = [calendar.day_of(e) if isinstance(e, datetime) else None
                for e in (fact.low, fact.high)]  # fmt: skip
        return _closed("day", ends)
    try:
        unit = canonical(fact.unit)
        ends = [convert(e, fact.unit, unit) if isinstance(e, float) else None
                for e in (fact.low, fact.high)]  # fmt: skip
    except QuantityError:
        return fact.unit, -math.inf, math.inf
    return _closed(unit, ends)


def _closed(unit: str, ends: Sequence[float | None]) -> Range:
    low, high = ends
    return unit, -math.inf if low is None else low, math.inf if high is None else high


def _apart(a: Range, b: Range) -> bool:
    return a[0] == b[0] and (a[1] > b[2] or b[1] > a[2])


def _alike(facts: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    """Pairs that say the same quantity of the same subject."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for id, f in facts.items():
        groups.setdefault((f.campaign, f.side, f.subject, f.quantity), []).append(id)
    for group in groups.values():
        yield from combinations(group, 2)


def _drawn_between(together: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for ids in together:
        yield from combinations(ids, 2)


def _noted(facts: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    """Pairs of which one's note says that it contradicts the other."""
    for id, fact in facts.items():
        for other in _SAYS.findall(fact.note):
            if other in facts and other != id:
                yield id, other


def _joined(pairs: Iterable[tuple[str, str]], order: Iterable[str]) -> list[list[str]]:
    """Groups of all that is linked by pairs, in the order given."""
    group: dict[str, list[str]] = {}
    for a, b in pairs:
        one, other = group.setdefault(a, [a]), group.setdefault(b, [b])
        if one is not other:
            one += other
            group |= dict.fromkeys(other, one)
    found: dict[str, list[str]] = {}
    for name in order:
        if name in group:
            found.setdefault(min(group[name]), []).append(name)
    return list(found.values())


def _uses(scenario: Scenario, ranges: Mapping[str, Range]) -> Iterator[Use]:
    """The quantities that cite any of these facts, those that cite the same together."""
    inputs = set(scenario.sampler.uncertain)
    alike: dict[tuple[str, ...], list[QuantityUse]] = {}
    for use in scenario.quantities:
        if set(ranges) & set(use.facts):
            alike.setdefault(tuple(sorted(use.facts)), []).append(use)
    for facts, uses in alike.items():
        said = {(use.low, use.high, use.unit): None for use in uses}
        (low, high, unit), *others = said
        if others:
            known = [ranges[id] for id in facts if id in ranges]
            unit, low, high = known[0][0], min(r[1] for r in known), max(r[2] for r in known)
        name = FACT + "+".join(facts)
        because = "; ".join(dict.fromkeys(use.because for use in uses if use.because))
        drawn = name if name in inputs else ""
        yield Use(tuple(u.key for u in uses), facts, low, high, unit, drawn, because, bool(others))

"""Where a number comes from: the facts behind it, in words and with their documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandtable.calendar import moment_text
from sandtable.cli.output import figures, print_wrapped, say
from sandtable.evidence import Fact, Source, load_sources
from sandtable.evidence.facts import ALL_SIDES
from sandtable.evidence.tables import Bound
from sandtable.plain_text import NBSP

if TYPE_CHECKING:
    from sandtable.scenario import QuantityUse, Scenario

_WITHOUT_FIGURE = "name"


class Reasons:
    """The facts and documents of a register, as the reasons for its scenario's numbers."""

    def __init__(self, scenario: Scenario) -> None:
        self._facts = scenario.facts
        self._sources = load_sources(scenario.register)

    def as_json(self, use: QuantityUse) -> dict[str, Any]:
        """Return a quantity with each fact that it cites, and the fact's document."""
        cited = [
            {**asdict(self._facts[name]), "source": asdict(self._source(name))}
            for name in use.facts
        ]
        return {**asdict(use), "cited": cited}

    def show(self, uses: Iterable[QuantityUse]) -> None:
        """Print each quantity with its reason: facts in words, or why it was assumed."""
        for use in uses:
            origin = f", from {use.inherited_from}" if use.inherited_from else ""
            print_wrapped(f"{use.key}: {value_of(use)}, {use.kind}{origin}")
            if use.because:
                print_wrapped(f"because: {use.because}", 2)
            if use.until:
                print_wrapped(f"until: {use.until}", 2)
            for name in use.facts:
                for line in fact_lines(self._facts[name]):
                    print_wrapped(line, 2)
                print_wrapped(f"source: {self._place(name)}", 4)
            say()

    def _source(self, fact: str) -> Source:
        return self._sources[self._facts[fact].source]

    def _place(self, fact: str) -> str:
        line = self._facts[fact].line
        return self._source(fact).reference + (f", line {line}" if line else ", no line recorded")


def quantities(loaded: Scenario, key: str) -> list[QuantityUse]:
    """Return the quantities whose key path is ``key`` or begins with it.

    What a formation has from its establishment is among them. Raises InputError, with the nearest
    key path, if there is none.
    """
    from sandtable.errors import InputError, Problem, nearest
    from sandtable.scenario.description import inherited

    every = [*loaded.quantities, *inherited(loaded)]
    found = [use for use in every if use.key == key or use.key.startswith(f"{key}.")]
    if not found:
        names = {use.key for use in every}
        names |= {name.rpartition(".")[0] for name in names}
        allowed = "a key path that `show --quantities` lists, or the beginning of one"
        raise InputError(
            [Problem(loaded.path, "KEY", f"'{key}'", allowed, nearest(key, sorted(names)))]
        )
    return found


def fact_lines(fact: Fact) -> Iterator[str]:
    """Tell a fact in words, in one line or more."""
    about = [] if fact.side == ALL_SIDES else [fact.side]
    about += [fact.date] if fact.date else []
    about.append(f"{fact.confidence} confidence")
    yield f"fact {fact.id} ({', '.join(about)})"
    said = f"{fact.subject}, {fact.quantity}"
    value = "" if fact.unit == _WITHOUT_FIGURE else f": {_printed(fact)}"
    yield f"  {said}{value}"
    if fact.note:
        yield f"  note: {fact.note}"


def _printed(fact: Fact) -> str:
    """A fact's range as the register prints it, dates without the ends of days."""
    low, high = fact.printed
    if fact.unit != "date":
        return f"{stated(fact.low, fact.high)} {fact.unit}"
    told = (low or f"by {high}") if low == high or not low else f"{low} to {high}"
    return told if high else f"from {low}"


def value_of(use: QuantityUse) -> str:
    """Write a quantity's range with its unit."""
    return f"{figures(use.low, use.high)}{NBSP}{use.unit}"


def reason_of(use: QuantityUse) -> str:
    """Say in one cell of a table why a number is what it is, and what would replace it."""
    reason = use.because or ", ".join(use.facts)
    return f"{reason} (until: {use.until})" if use.until else reason


def stated(low: Bound, high: Bound) -> str:
    """Write the range of a fact, whose ends are numbers, moments, or open."""
    if isinstance(low, datetime) or isinstance(high, datetime):
        ends = [moment_text(end) if isinstance(end, datetime) else "" for end in (low, high)]
        return ends[0] if ends[0] == ends[1] else "–".join(ends)
    return figures(low, high)

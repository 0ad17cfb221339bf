"""Facts and assumptions turned into plain numbers, or into ranges that are drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sandtable.calendar import Calendar
from sandtable.errors import QuantityError
from sandtable.evidence import Fact
from sandtable.ranges import Factor, Uncertain
from sandtable.scenario.findings import NOTHING, Findings, shown
from sandtable.scenario.keys import MOMENT_FORMS, QUANTITY_FORMS
from sandtable.scenario.measures import MOST, Measure
from sandtable.scenario.schema import Moment, Quantity
from sandtable.units import canonical, convert

_FAULTY = math.nan


@dataclass(frozen=True, slots=True)
class QuantityUse:
    """One quantity of a scenario and its reason.

    `kind` is `cited` (facts alone), `assumed`, or `derived` (a fact times a factor, or a length
    from coordinates). `low` and `high` are in `unit`; moments are in days from H-hour.
    `inherited_from` is the key path at which it stands if a formation has it from its
    establishment. `until` says what would replace an assumption.
    """

    key: str
    kind: str
    facts: tuple[str, ...]
    because: str | None
    low: float
    high: float
    unit: str
    inherited_from: str | None = None
    until: str | None = None


class Quantities:
    """Reads a scenario's quantities, and keeps account of every one; faults go to `findings`.

    `register` is what messages call the register of the `facts`; `origin` is the day of the
    campaign at which the `calendar`, a phase's, begins.
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        calendar: Calendar,
        findings: Findings,
        register: str,
        origin: float = 0.0,
    ) -> None:
        self.facts, self.origin = facts, origin
        self.register = register
        self.calendar = calendar
        self.findings = findings
        self.uses: list[QuantityUse] = []

    def number(
        self, key: str, quantity: Quantity | None, measure: Measure, absent: float = 0.0
    ) -> float:
        """Return a quantity in its canonical unit: a float, or an `Uncertain` if it is a range."""
        if quantity is None:
            return absent
        factors = self._factors(key, quantity, measure)
        if factors is None or not self._fits(key, factors, measure):
            return _FAULTY
        kind = "derived" if quantity.times is not None else "assumed"
        if quantity.fact is not None and quantity.times is None:
            kind = "cited"
        self._account(key, kind, quantity, factors, measure.unit)
        return _value(factors)

    def span(self, key: str, quantity: Quantity | None, measure: Measure) -> tuple[float, float]:
        """Return a quantity's lowest and highest value; (0, 0) if it is absent."""
        value = self.number(key, quantity, measure)
        return value.span if isinstance(value, Uncertain) else (value, value)

    def moment(self, key: str, moment: Moment | None, *, planned: bool = False) -> float:
        """Return a moment in days from H-hour: a float, or an `Uncertain` if it is a range.

        NaN if it is absent. A `planned` moment is a term: of a fact's range it is the end.
        """
        if moment is None or not self._well_formed(key, moment):
            return _FAULTY
        if moment.assumed is not None:
            ends = moment.assumed if isinstance(moment.assumed, tuple) else (moment.assumed,) * 2
            low, high = (self.calendar.day_of(end) for end in ends)
            factor = Factor(key, low, high)
        else:
            facts = self._known(key, moment.fact)
            bounds = None if facts is None else self._days(key, facts, planned)
            if bounds is None:
                return _FAULTY
            factor = Factor(_name(facts or []), *bounds)
        if factor.low > factor.high:
            self.findings.add(f"{key}.assumed", shown(moment.assumed), "a range, its low end first")
            return _FAULTY
        if not self._near(key, moment, factor):
            return _FAULTY
        kind = "assumed" if moment.fact is None else "cited"
        in_campaign = Factor(key, factor.low + self.origin, factor.high + self.origin)
        self._account(key, kind, moment, (in_campaign,), "day")
        return _value((factor,))

    def _near(self, key: str, moment: Moment, days: Factor) -> bool:
        """Whether a moment is no slip of the pen by a century."""
        far = days.low if -days.low > MOST["day"] else days.high
        # Where the end is not known neither is H-hour, and the scenario is refused for that.
        if abs(far) <= MOST["day"] or math.isinf(self.calendar.days):
            return True
        cited = ", ".join(f"'{name}'" for name in _ids(moment.fact))
        found = f"the fact {cited}" if cited else shown(moment.assumed)
        allowed = f"a moment at most {MOST['day']:,} days from H-hour"
        self.findings.add(key, f"{found}, {far:,.0f} days from H-hour", allowed)
        return False

    def derived(self, key: str, value: float, unit: str, because: str) -> float:
        """Account for a number that follows from others, and return it."""
        self.uses.append(QuantityUse(key, "derived", (), because, value, value, unit))
        return value

    def _account(
        self,
        key: str,
        kind: str,
        reason: Quantity | Moment,
        factors: tuple[Factor, ...],
        unit: str,
    ) -> None:
        low = math.prod(factor.low for factor in factors)
        high = math.prod(factor.high for factor in factors)
        ids = _ids(reason.fact)
        use = QuantityUse(key, kind, ids, reason.because, low, high, unit, until=reason.until)
        self.uses.append(use)

    def _well_formed(self, key: str, reason: Quantity | Moment) -> bool:
        quantity = isinstance(reason, Quantity)
        forms = QUANTITY_FORMS if quantity else MOMENT_FORMS
        times = reason.times if isinstance(reason, Quantity) else None
        given = [
            name
            for name, value in (
                ("fact", reason.fact),
                ("times", times),
                ("assumed", reason.assumed),
            )
            if value is not None
        ]
        if given not in (["fact"], ["fact", "times"], ["assumed"]):
            found = " and ".join(given) + (" together" if len(given) > 1 else " alone")
            self.findings.add(key, found if given else "neither a fact nor an assumption", forms)
            return False
        if given != ["fact"] and reason.because is None:
            self.findings.add(f"{key}.because", NOTHING, "the reason for the number, in words")
            return False
        return True

    def _factors(self, key: str, quantity: Quantity, measure: Measure) -> tuple[Factor, ...] | None:
        if not self._well_formed(key, quantity):
            return None
        if quantity.assumed is not None:
            factor = self._range(f"{key}.assumed", key, quantity.assumed)
            return None if factor is None else (factor,)
        facts = self._known(key, quantity.fact)
        if facts is None:
            return None
        bounds = self._bounds(key, facts, measure.unit, quantity.times is not None)
        if bounds is None:
            return None
        cited = Factor(_name(facts), *bounds)
        if quantity.times is None:
            return (cited,)
        times = self._range(f"{key}.times", f"{key}.times", quantity.times)
        return None if times is None else (cited, times)

    def _range(self, key: str, name: str, value: float | tuple[float, float]) -> Factor | None:
        low, high = value if isinstance(value, tuple) else (value, value)
        if not (math.isfinite(low) and math.isfinite(high)):
            self.findings.add(key, shown(value), "a finite number")
            return None
        if low > high:
            self.findings.add(key, shown(value), "a range, its low end first")
            return None
        return Factor(name, low, high)

    def _fits(self, key: str, factors: tuple[Factor, ...], measure: Measure) -> bool:
        ends = [math.prod(f.low for f in factors), math.prod(f.high for f in factors)]
        # A product of ranges has its ends at theirs only above zero.
        positive = all(factor.low >= 0 for factor in factors)
        if positive and measure.low <= ends[0] and ends[1] <= measure.high and ends[1] < math.inf:
            return True
        found = f"{ends[0]:g}" if ends[0] == ends[1] else f"{ends[0]:g} to {ends[1]:g}"
        self.findings.add(key, found, measure.allowed)
        return False

    def _known(self, key: str, fact: str | tuple[str, ...] | None) -> list[Fact] | None:
        ids = _ids(fact)
        if not ids:
            self.findings.add(f"{key}.fact", "an empty list", "at least one fact of the register")
            return None
        missing = [name for name in ids if name not in self.facts]
        for name in missing:
            allowed = f"the id of a fact in {self.register}"
            self.findings.add(f"{key}.fact", shown(name), allowed, name=name, names=self.facts)
        return None if missing else [self.facts[name] for name in ids]

    def _bounds(
        self, key: str, facts: list[Fact], unit: str, scaled: bool
    ) -> tuple[float, float] | None:
        found: list[float] = []
        for fact in facts:
            try:
                to = canonical(fact.unit) if scaled and fact.unit not in _FIGURELESS else unit
                ends = [
                    convert(end, fact.unit, to)
                    for end in (fact.low, fact.high)
                    if isinstance(end, float)
                ]
            except QuantityError:
                ends = []
            if not ends:
                text = f"the fact '{fact.id}' in {fact.unit}"
                self.findings.add(f"{key}.fact", text, f"a fact in {unit}")
                return None
            if len(facts) == 1 and len(ends) == 1:
                self._open_ended(key, fact)
                return None
            found += ends
        return min(found), max(found)

    def _days(self, key: str, facts: list[Fact], planned: bool) -> tuple[float, float] | None:
        found: list[float] = []
        for fact in facts:
            if fact.unit != "date":
                text = f"the fact '{fact.id}' in {fact.unit}"
                self.findings.add(f"{key}.fact", text, "a fact that is a date")
                return None
            ends = (fact.high,) if planned else (fact.low, fact.high)
            known = [self.calendar.day_of(end) for end in ends if isinstance(end, datetime)]
            if len(facts) == 1 and len(known) < len(ends):
                self._open_ended(key, fact)
                return None
            found += known
        if not found:
            self._open_ended(key, facts[0])
            return None
        return min(found), max(found)

    def _open_ended(self, key: str, fact: Fact) -> None:
        side = "low" if fact.low is None else "high"
        found = f"the fact '{fact.id}', which has no {side} end"
        self.findings.add(f"{key}.fact", found, "a closed range, or a second fact that closes it")


_FIGURELESS = ("date", "name")


def _ids(fact: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if fact is None:
        return ()
    return (fact,) if isinstance(fact, str) else fact


def _name(facts: list[Fact]) -> str:
    return "fact:" + "+".join(sorted(fact.id for fact in facts))


def _value(factors: tuple[Factor, ...]) -> float:
    ranges = [factor for factor in factors if factor.low != factor.high]
    fixed = math.prod(factor.low for factor in factors if factor.low == factor.high)
    if not ranges:
        return fixed
    name, low, high = ranges[0]
    return Uncertain((Factor(name, fixed * low, fixed * high), *ranges[1:]))

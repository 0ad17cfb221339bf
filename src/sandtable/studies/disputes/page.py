"""docs/disputes.md: where the sources contradict one another, and what it does to the outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from sandtable.calendar import Calendar
from sandtable.comparison import Claim, load_claims
from sandtable.evidence import Fact, Source, load_sources
from sandtable.outcomes import describe, is_moment
from sandtable.scenario import Scenario
from sandtable.studies.disputes.effects import Effect, InputEffects
from sandtable.studies.disputes.sources import (
    ClaimDispute,
    FactDispute,
    Use,
    claim_disputes,
    fact_disputes,
)

_INTRODUCTION = """
# Where the sources disagree

Every contradiction in the evidence register: first between facts, which are inputs, then between
claims, which runs are compared with. Under each fact stands how the scenario uses it. Where the
scenario *draws* a range, a replication takes a value between the lowest and the highest figure.
What that does to the outcome is measured by running all replications twice, at the lowest and at
the highest figure, with all other draws alike. Looked at are the headline outcomes (losses, days of
capture of the objectives, ground gained by the last day). A paired difference can be beyond chance
(5 percent for all outcomes of an input together, after Holm) and small all the same: told are those
of at least 1 percent of the outcome, a tenth of a day, or a twentieth of the replications in which
it comes about, each with its standard error. Differences are *high less low*.

Two facts are listed together if they have no point in common and say the same quantity of the same
subject, or the scenario draws between them, or if the note of one says that it contradicts the
other. Figures of different dates or subjects are told as such.

Claims never enter a run. Where claimants contradict each other the score takes each as likely
([how a campaign is scored](verification.md#how-a-campaign-is-scored)).

This page is generated (`make pages`) from the register, the scenarios and
[the differences](../results/reference/disputes.csv), which `make disputes` makes anew.
"""
_KEYS = 6
_LEAST, _LEAST_DAYS, _LEAST_SHARE = 0.01, 0.1, 0.05
"""Least differences that are told: of an outcome as a share of it, of a day, of how often."""
Effects = Mapping[tuple[str, str], InputEffects]


def render_markdown(scenarios: Sequence[Scenario], effects: Effects) -> str:
    """Return the page on these scenarios; ``effects`` as of `read_effects`."""
    lines = [*_INTRODUCTION.strip().splitlines(), "", *_summary(scenarios, effects)]
    for scenario in scenarios:
        lines += ["", f"## {scenario.file.scenario.title}", "", *_scenario(scenario, effects)]
    return "\n".join(lines).rstrip() + "\n"


def _summary(scenarios: Sequence[Scenario], effects: Effects) -> Iterator[str]:
    yield "| campaign | facts in dispute | inputs drawn | that move an outcome | disputed claims |"
    yield "|---|---|---|---|---|"
    for scenario in scenarios:
        facts = fact_disputes(scenario)
        inputs = drawn_inputs(facts)
        known = [
            effects[scenario.name, name] for name in inputs if (scenario.name, name) in effects
        ]
        moving = sum(any(map(_matters, one.moved)) for one in known)
        claims = len(_claims(scenario))
        title = scenario.file.scenario.title
        yield (f"| [{title}](#{anchor(title)}) | {len(facts)} | {len(inputs)} | {moving} "
               f"| {claims} |")  # fmt: skip


def anchor(title: str) -> str:
    """The anchor of a heading."""
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def drawn_inputs(disputes: Sequence[FactDispute]) -> list[str]:
    """The inputs drawn between facts that contradict one another, each once."""
    return list(dict.fromkeys(u.input for d in disputes for u in d.uses if u.input))


def _claims(scenario: Scenario) -> list[ClaimDispute]:
    claims = load_claims(scenario.register, scenario.file.scenario.campaign)
    return claim_disputes(claims, scenario.calendar)


def _scenario(scenario: Scenario, effects: Effects) -> Iterator[str]:
    sources = load_sources(scenario.register)
    disputes = fact_disputes(scenario)
    drawn = [d for d in disputes if any(u.input for u in d.uses)]
    chosen = [d for d in disputes if d.uses and d not in drawn]
    unused = [d for d in disputes if not d.uses]
    for title, own in (("Drawn", drawn), ("Chosen", chosen), ("In no input", unused)):
        if own:
            yield from (f"### {title}: {scenario.name}", "")
        for dispute in own:
            yield from _dispute(dispute, scenario, sources, effects)
    claims = _claims(scenario)
    if claims:
        yield from (f"### Claims: {scenario.name}", "")
    for one in claims:
        unit, meaning = describe(one.outcome)
        yield f"**`{one.outcome}`**, {meaning} ({unit})"
        yield ""
        for claim in one.claims:
            yield f"- {_claim(claim, sources)}"
        yield ""


def _dispute(
    dispute: FactDispute, scenario: Scenario, sources: Mapping[str, Source], effects: Effects
) -> Iterator[str]:
    yield f"**{_plain(dispute.title)}**"
    yield ""
    for fact in dispute.facts:
        yield f"- {_fact(fact, sources)}"
    for use in dispute.uses:
        yield f"- *{'Drawn' if use.input else 'Chosen'}*: {_use(use, dispute, scenario.calendar)}"
        if use.input:
            yield f"- *Outcome*: {_outcome(effects.get((scenario.name, use.input)))}"
    yield ""


def _fact(fact: Fact, sources: Mapping[str, Source]) -> str:
    dated = f", {fact.date}" if fact.date else ""
    note = f" ({fact.note})" if fact.note else ""
    return (
        f"{printed(fact.printed, fact.unit)}{dated}: {place(fact.source, fact.line, sources)}; "
        f"`{fact.id}`, {fact.confidence} confidence{_plain(note)}"
    )


def _claim(claim: Claim, sources: Mapping[str, Source]) -> str:
    told = printed(claim.printed, claim.unit)
    note = f" ({claim.note})" if claim.note else ""
    return (f"{told}: {claim.claimant}; {place(claim.source, claim.line, sources)}; "
            f"`{claim.id}`{_plain(note)}")  # fmt: skip


def printed(ends: tuple[str, str], unit: str) -> str:
    """A range as the register prints it."""
    low, high = ends
    shown = low if low == high else f"{low} to {high}"
    if not low or not high:
        shown = f"at least {low}" if low else f"at most {high}"
    return shown if unit == "date" else f"{shown} {unit}"


def place(source: str, line: int | None, sources: Mapping[str, Source]) -> str:
    """A document by author and title, with the line."""
    found = sources[source]
    told = f"[{_plain(found.reference)}]({found.url})" if found.url else _plain(found.reference)
    return told + (f", line {line}" if line else "")


def _plain(text: str) -> str:
    """Text in which Markdown sees no markup."""
    return "".join(f"\\{c}" if c in "[]*_<>|`" else c for c in text)


def _use(use: Use, dispute: FactDispute, calendar: Calendar) -> str:
    because = f"; {_plain(use.because)}" if use.because else ""
    return f"{use_told(use, dispute, calendar, mark='`')}{because}"


def use_told(use: Use, dispute: FactDispute, calendar: Calendar, mark: str = "") -> str:
    """The range or figure that a scenario takes, and for which keys; a ``mark`` round each."""
    keys = ", ".join(f"{mark}{key}{mark}" for key in use.keys[:_KEYS])
    more = f" and {len(use.keys) - _KEYS} more" if len(use.keys) > _KEYS else ""
    if dispute.dated:
        low, high = calendar.date_text(use.low), calendar.date_text(use.high)
        told = low if low == high else f"{low} to {high}"
        told += f" (day {use.low:.4g} to {use.high:.4g})" if use.low < use.high else ""
    else:
        told = f"{use.low:,.6g}" + (f" to {use.high:,.6g}" if use.low < use.high else "")
        told += f" {use.unit}"
    return f"{told}{', in parts,' if use.shared else ''} for {keys}{more}"


def _outcome(found: InputEffects | None) -> str:
    if found is None:
        return "not measured"
    of = f"of {found.outcomes} in {found.replications} pairs"
    if not found.moved:
        return f"moves none {of} beyond chance"
    told = sorted(filter(_matters, found.moved), key=_size, reverse=True)
    if not told:
        return f"moves {len(found.moved)} {of} beyond chance, none by as much as is told"
    more = len(found.moved) - len(told)
    small = f"; {more} more by less" if more else ""
    return f"moves {len(found.moved)} {of}: {'; '.join(map(_moved, told))}{small}"


def _matters(effect: Effect) -> bool:
    """Whether a difference is large enough to be told."""
    return _size(effect) >= 1.0


def _size(effect: Effect) -> float:
    """A difference in units of the least that is told."""
    often = abs(effect.share_high - effect.share_low) / _LEAST_SHARE
    if not isfinite(effect.difference):
        return often
    least = _LEAST_DAYS
    if not is_moment(effect.outcome):
        least = _LEAST * max(abs(effect.at_low), abs(effect.at_high))
    return max(often, abs(effect.difference) / least if least > 0.0 else 0.0)


def _moved(effect: Effect) -> str:
    unit = describe(effect.outcome)[0]
    share = ""
    if effect.share_low != effect.share_high:
        share = f", comes about in {effect.share_low:.0%}, then {effect.share_high:.0%}"
    if not isfinite(effect.difference):
        return f"`{effect.outcome}`{share}"
    at = "" if is_moment(effect.outcome) else f" (from {_number(effect.at_low)})"
    # What is left of an error by rounding is none.
    error = effect.error if effect.error > 1e-9 * abs(effect.difference) else 0.0
    change = _number(effect.difference)
    signed = change if effect.difference < 0.0 else f"+{change}"
    return f"`{effect.outcome}` {signed} ± {_number(error)} {unit}{at}{share}"


def _number(x: float) -> str:
    """Three digits, and of thousands all before the point."""
    return f"{x:,.0f}" if abs(x) >= 100.0 else f"{x:.3g}"

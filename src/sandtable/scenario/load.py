"""From a name or a path to a scenario that can be run, or to every fault that it has."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandtable.calendar import FIRST_YEAR, LAST_YEAR, Calendar, days_between
from sandtable.errors import InputError, Problem
from sandtable.evidence import Fact, load_facts
from sandtable.mechanisms import MECHANISMS, Mechanisms
from sandtable.ranges import Sampler
from sandtable.representation import Represented
from sandtable.scenario import overrides as changed
from sandtable.scenario.checks import check
from sandtable.scenario.findings import Findings, file_of, shown
from sandtable.scenario.ground import check_ground, ground_file
from sandtable.scenario.phases import by_phase, calendar_with
from sandtable.scenario.quantities import Quantities, QuantityUse
from sandtable.scenario.read import (
    Entry,
    Register,
    entries_of,
    find,
    read_scenario,
)
from sandtable.scenario.resolve import resolve
from sandtable.scenario.resolve_phases import resolve_part, resolve_phases
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.scenario.schema import Header, ScenarioFile, Variant
from sandtable.scenario.validate import Draft, draft


@dataclass(frozen=True, slots=True, repr=False)
class Scenario(Represented):
    """A scenario, checked and ready for draws.

    `digest` is the SHA-256 of all that was read and changed, but for the map, on which no result
    depends; `variant` and `phase` those that were asked for. `quantities` accounts for every
    number, `facts` are the `register`'s as it was read, and `facts_used` says for each fact by
    which key paths it is cited. `origin` tells the file of each entry.
    """

    name: str
    path: str
    register: Path
    file: ScenarioFile
    digest: str
    variant: str | None
    mechanisms: Mechanisms
    sampler: Sampler[ResolvedScenario]
    quantities: list[QuantityUse]
    facts: Mapping[str, Fact]
    facts_used: dict[str, tuple[str, ...]]
    calendar: Calendar
    origin: Mapping[str, str]
    phase: str | None = None

    def file_of(self, key: str) -> str:
        """Return the file in which a key path stands."""
        return file_of(key, self.origin, self.path)

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading."""
        file = self.file
        told: dict[str, object] = {
            "scenario": self.name,
            "title": file.scenario.title,
            "H-hour": self.calendar.h_hour.isoformat(),
            "days": round(self.calendar.days, 3),
            "formations": len(file.formation),
            "axes": len(file.axis),
        }
        told |= {"phase": self.phase} if self.phase else {}
        return told | ({"variant": self.variant} if self.variant else {})

    @property
    def ground(self) -> Path | None:
        """The file with the ground of its map; None if the map has none."""
        return ground_file(self.file.map, Path(self.path))

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The scenario's named counterfactuals."""
        return self.file.variant


@dataclass(frozen=True, slots=True)
class ScenarioSource:
    """A scenario's files and the register, read once, for as many changes of it as are wanted.

    `entries` are as written, and nobody changes them; `facts` are the register's. What is at
    fault in the files shows when a scenario is made of them.
    """

    name: str
    path: Path
    register: Register
    entries: tuple[Entry, ...]
    facts: Mapping[str, Fact]
    variants: tuple[Variant, ...]
    findings: Findings

    @classmethod
    def read(cls, name_or_path: str | Path, register_root: Path | None = None) -> ScenarioSource:
        """Read the files; the arguments are those of `load_scenario`.

        Raises InputError if the scenario's files or the register can't be read.
        """
        name, path = find(name_or_path)
        findings = Findings(str(path))
        entries = read_scenario(path, findings)
        variants = _variants(entries)
        index = changed.Index(entries)
        for item in variants:
            changed.check_variant(index, item, findings)
        register = Register.of(path, register_root)
        facts = load_facts(register.root)
        return cls(name, path, register, tuple(entries), facts, tuple(variants), findings)

    @classmethod
    def of(
        cls,
        name: str,
        tables: Mapping[str, Any],
        register: Register,
        facts: Mapping[str, Fact],
    ) -> ScenarioSource:
        """Take the tables of one TOML file as they would be read from it.

        It is named as if it lay beside its register. ``facts`` are the register's. Variants are
        none of its tables.
        """
        path = register.root.parent / f"{name}.toml"
        findings = Findings(str(path))
        entries = entries_of({str(path): tables}, path, findings)
        return cls(name, path, register, tuple(entries), facts, (), findings)

    def scenario(
        self,
        *,
        overrides: Sequence[str] = (),
        overlay: Path | None = None,
        variant: str | None = None,
        without: Sequence[str] = (),
        phase: str | None = None,
    ) -> Scenario:
        """Check and resolve the scenario with these changes, as `load_scenario` does."""
        findings = self.findings.copy()
        entries = [replace(entry) for entry in self.entries]
        chosen = _chosen(self.variants, entries, variant, findings)
        _check_phase(entries, phase, findings)
        changes = (
            []
            if chosen is None
            else changed.changes_of(chosen, findings.file_of(f"variant.{chosen.id}"))
        )
        if overlay is not None:
            changes += changed.read_overlay(overlay, findings)
        parsed = (changed.parse_set(text, findings) for text in overrides)
        changes += [change for change in parsed if change is not None]
        changed.apply(changed.Index(entries), changes, findings)

        checked = draft(entries, findings)
        check(checked, self.register)
        check_ground(checked.map, self.path, checked.places, findings)
        off = (*without, *(chosen.without if chosen else ()))
        mechanisms = _mechanisms(checked, off, without, findings)
        return _finish(checked, self, mechanisms, variant, entries, phase)


def load_scenario(
    name_or_path: str | Path,
    *,
    overrides: Sequence[str] = (),
    overlay: Path | None = None,
    variant: str | None = None,
    without: Sequence[str] = (),
    phase: str | None = None,
    register_root: Path | None = None,
) -> Scenario:
    """Read, check and resolve a scenario.

    Parameters
    ----------
    name_or_path
        Name of a shipped scenario, or path of a TOML file or of a folder of them.
    overrides
        Changed keys as `KEY=VALUE`; they come after `overlay`, and that after `variant`.
    overlay
        TOML file of changed keys.
    variant
        Name of one of the scenario's variants.
    without
        Names of mechanisms to switch off.
    phase
        One of the scenario's phases, to be run alone; absent: the scenario runs through them.
    register_root
        Folder of the evidence register; absent: the scenario's own, if it has one
        (`own_register`), else the shipped one.

    Raises
    ------
    InputError
        With every fault of the scenario and of the changes.
    """
    return ScenarioSource.read(name_or_path, register_root).scenario(
        overrides=overrides, overlay=overlay, variant=variant, without=without, phase=phase
    )


def check_scenario(name_or_path: str | Path, *, register_root: Path | None = None) -> Scenario:
    """Return the scenario, having read it also with each of its variants.

    Raises InputError with the faults of the scenario, or else with those of all its variants.
    """
    source = ScenarioSource.read(name_or_path, register_root)
    scenario = source.scenario()
    problems: list[Problem] = []
    for variant in scenario.variants:
        try:
            source.scenario(variant=variant.id)
        except InputError as error:
            problems += [
                Problem(p.file, f"variant.{variant.id}: {p.key}", p.found, p.allowed, p.nearest)
                for p in error.problems
            ]
    if problems:
        raise InputError(problems)
    return scenario


def _finish(
    checked: Draft,
    source: ScenarioSource,
    mechanisms: Mechanisms,
    variant: str | None,
    entries: list[Entry],
    phase: str | None,
) -> Scenario:
    findings = checked.findings
    resolved, uses = _resolved(checked, source, mechanisms, phase)
    findings.raise_if_any()
    used: dict[str, list[str]] = {}
    for use in uses:
        for fact in use.facts:
            used.setdefault(fact, []).append(use.key)
    return Scenario(
        name=source.name,
        path=str(source.path),
        register=source.register.root,
        file=checked.finished(),
        digest=_digest(entries, mechanisms),
        variant=variant,
        mechanisms=mechanisms,
        sampler=Sampler(resolved),
        quantities=uses,
        facts=source.facts,
        facts_used={fact: tuple(keys) for fact, keys in used.items()},
        calendar=resolved.calendar,
        origin=dict(findings.origin),
        phase=phase,
    )


def _resolved(
    checked: Draft, source: ScenarioSource, mechanisms: Mechanisms, phase: str | None
) -> tuple[ResolvedScenario, list[QuantityUse]]:
    """The scenario in numbers: without phases, through all of them, or one alone."""
    facts, title = source.facts, source.register.title
    calendar = calendar_with(_calendar(checked.header), checked)
    parts = by_phase(checked)
    for part in parts:
        if part.phase == phase:
            quantities = Quantities(facts, calendar.of_phase(phase), checked.findings, title)
            return (
                resolve_part(checked, part, quantities, source.name, mechanisms),
                quantities.uses,
            )
    if parts:
        return resolve_phases(checked, parts, calendar, facts, title, source.name, mechanisms)
    quantities = Quantities(facts, calendar, checked.findings, title)
    return resolve(checked, quantities, source.name, mechanisms), quantities.uses


def _check_phase(entries: list[Entry], name: str | None, findings: Findings) -> None:
    """Note a phase that is asked for and that the scenario doesn't have."""
    names = [entry.key.partition(".")[2] for entry in entries if entry.table == "phase"]
    if name is not None and name not in names:
        allowed = "one of " + ", ".join(names) if names else "none: the scenario has no phases"
        findings.add("phase", shown(name), allowed, name=name, names=names, file="--phase")


def _calendar(header: Header | None) -> Calendar:
    """Return the campaign's time; without end where it isn't known."""
    known = header is not None and header.start.tzinfo is not None
    if header is None or not known or not FIRST_YEAR <= header.start.year <= LAST_YEAR:
        # Without H-hour no date has a place; the quantities are checked all the same.
        return Calendar(datetime(1970, 1, 1, tzinfo=UTC), math.inf)
    days = days_between(header.start, header.end)
    return Calendar(header.start, days if days > 0 else math.inf)


def _variants(entries: list[Entry]) -> list[Variant]:
    """Return the sound variants; the faults of others are found with all the rest."""
    return draft([entry for entry in entries if entry.table == "variant"], Findings("")).variants


def _chosen(
    variants: Sequence[Variant], entries: list[Entry], name: str | None, findings: Findings
) -> Variant | None:
    for variant in variants:
        if variant.id == name:
            return variant
    names = [entry.key.partition(".")[2] for entry in entries if entry.table == "variant"]
    # A variant that is there but faulty is reported with the scenario's other faults.
    if name is not None and name not in names:
        allowed = "one of " + ", ".join(names) if names else "none: the scenario has no variants"
        findings.add("variant", shown(name), allowed, name=name, names=names, file="--variant")
    return None


def _mechanisms(
    checked: Draft, off: Sequence[str], asked: Sequence[str], findings: Findings
) -> Mechanisms:
    listed = checked.header.mechanisms if checked.header else None
    every = "one of " + ", ".join(MECHANISMS)
    for name in asked:
        if name not in MECHANISMS:
            findings.add(
                "mechanism", shown(name), every, name=name, names=MECHANISMS, file="--without"
            )
    # Names that aren't mechanisms have been found by now.
    wanted = (name for name in (MECHANISMS if listed is None else listed) if name in MECHANISMS)
    return Mechanisms.only(name for name in wanted if name not in off)


def _digest(entries: list[Entry], mechanisms: Mechanisms) -> str:
    content = [[entry.key, entry.value] for entry in entries if entry.table != "map"]
    text = json.dumps([content, sorted(mechanisms.on)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()

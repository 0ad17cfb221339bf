"""Entries held against the schema, one by one, so that one fault doesn't hide another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from sandtable.scenario.findings import NOTHING, Findings, shown
from sandtable.scenario.keys import (
    allowed,
    alternatives,
    bare,
    document,
    fields,
    is_list,
    options,
    required,
    single,
    tables,
)
from sandtable.scenario.read import Entry
from sandtable.scenario.schema import (
    AirTable,
    AxisTable,
    Document,
    Establishment,
    FormationTable,
    Header,
    LegTable,
    LiftTable,
    MapTable,
    Moment,
    OrderOfBattleTable,
    OrderTable,
    PhaseTable,
    PlaceTable,
    Quantity,
    ScenarioFile,
    SideTable,
    SupplySource,
    Variant,
    WeatherTable,
)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

D = TypeVar("D", bound=Document)


@dataclass(slots=True)
class Draft:
    """A scenario whose entries are sound each by itself; `ids` also names the unsound ones.

    That of one `phase` (empty: of the whole) holds what takes part in it; its `rows` are the order
    of battle by formation.
    """

    findings: Findings
    header: Header | None = None
    map: MapTable = field(default_factory=MapTable)
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    models: dict[str, list[Document]] = field(default_factory=dict)
    phase: str = ""
    rows: dict[str, OrderOfBattleTable] = field(default_factory=dict)

    def _all(self, table: str, kind: type[D]) -> list[D]:
        return [model for model in self.models.get(table, []) if isinstance(model, kind)]

    @property
    def sides(self) -> list[SideTable]:
        """The belligerents."""
        return self._all("side", SideTable)

    @property
    def places(self) -> list[PlaceTable]:
        """The nodes of the road net."""
        return self._all("place", PlaceTable)

    @property
    def legs(self) -> list[LegTable]:
        """The ways between places."""
        return self._all("leg", LegTable)

    @property
    def establishments(self) -> list[Establishment]:
        """The figures that formations of one pattern share."""
        return self._all("establishment", Establishment)

    @property
    def formations(self) -> list[FormationTable]:
        """The order of battle."""
        return self._all("formation", FormationTable)

    @property
    def axes(self) -> list[AxisTable]:
        """The axes of advance."""
        return self._all("axis", AxisTable)

    @property
    def orders(self) -> list[OrderTable]:
        """The orders."""
        return self._all("order", OrderTable)

    @property
    def lifts(self) -> list[LiftTable]:
        """The craft that carry troops over water."""
        return self._all("lift", LiftTable)

    @property
    def weather(self) -> list[WeatherTable]:
        """The chances of rain."""
        return self._all("weather", WeatherTable)

    @property
    def air(self) -> list[AirTable]:
        """The air forces."""
        return self._all("air", AirTable)

    @property
    def supply(self) -> list[SupplySource]:
        """Where lines of communication begin."""
        return self._all("supply", SupplySource)

    @property
    def phases(self) -> list[PhaseTable]:
        """The parts that can be run by themselves."""
        return self._all("phase", PhaseTable)

    @property
    def order_of_battle(self) -> list[OrderOfBattleTable]:
        """The formations by phase."""
        return self._all("order_of_battle", OrderOfBattleTable)

    @property
    def variants(self) -> list[Variant]:
        """The named counterfactuals."""
        return self._all("variant", Variant)

    def refer(self, model: Document, key: str, table: str, *names: str | None) -> None:
        """Note each name under a key of an entry that no entry of the `table` has."""
        given = [name for name in names if name is not None]
        article = "an" if table[0] in "aeo" else "a"
        of = f"the phase {self.phase}" if self.phase else "this scenario"
        kind = f"{article} {table} of {of}"
        self.findings.refer(f"{key_of(model)}.{key}", given, self.ids[table], kind)

    def finished(self) -> ScenarioFile:
        """Return the whole as one object; only for a draft without findings."""
        content: dict[str, Any] = {table: tuple(models) for table, models in self.models.items()}
        return ScenarioFile.model_construct(scenario=self.header, map=self.map, **content)


def key_of(model: Document) -> str:
    """Return the key path of a table of the scenario."""
    if isinstance(model, LegTable):
        return f"leg.{model.from_}--{model.to}"
    if isinstance(model, SupplySource):
        return f"supply.{model.place}--{model.side}"
    if isinstance(model, AirTable):
        return f"air.{model.id or model.side}"
    if isinstance(model, OrderOfBattleTable):
        return f"order_of_battle.{model.phase}--{model.formation}"
    table = next(name for name, kind in tables().items() if type(model) is kind)
    return table if single(table) else f"{table}.{getattr(model, 'id')}"  # noqa: B009


def draft(entries: Sequence[Entry], findings: Findings) -> Draft:
    """Hold every entry against the schema; the draft takes the sound, `findings` the faults."""
    result = Draft(findings)
    first: dict[str, Entry] = {}
    ids: dict[str, list[str]] = {table: [] for table in tables()}
    for entry in entries:
        name = entry.key.partition(".")[2]
        findings.aliases |= dict.fromkeys(_other_names(entry.value), name)
    for entry in entries:
        name = entry.key.partition(".")[2]
        same = _canonical(entry.key)
        if same in first and not single(entry.table):
            found = f"a second [[{entry.table}]] of this name, first in {first[same].file}"
            findings.add(entry.key, found, "a name used once", file=entry.file)
            continue
        first[same] = entry
        if name:
            ids[entry.table].append(name)
        model = _sound_part(tables()[entry.table], entry, findings)
        if isinstance(model, Header):
            result.header = model
        elif isinstance(model, MapTable):
            result.map = model
        elif model is not None:
            result.models.setdefault(entry.table, []).append(model)
    result.ids = {table: tuple(names) for table, names in ids.items()}
    present = {entry.table for entry in first.values()}
    for table in required(ScenarioFile):
        if table not in present:
            mark = f"[{table}]" if single(table) else f"at least one [[{table}]]"
            findings.add(table, NOTHING, mark)
    return result


def _other_names(value: dict[str, Any]) -> list[str]:
    """What an entry is called beside its id, in lower case."""
    others = value.get("other_names")
    names = [value.get("name"), *(others if isinstance(others, list | tuple) else ())]
    return [name.lower() for name in names if isinstance(name, str) and name]


def _canonical(key: str) -> str:
    table, _, name = key.partition(".")
    return f"{table}.{'--'.join(sorted(name.split('--')))}" if table == "leg" else key


def _sound_part(model: type[Document], entry: Entry, findings: Findings) -> Document | None:
    """Return the entry without faulty keys that it can do without, so that the rest is checked.

    Keys that name other entries aren't left out: what refers to them would seem faulty too.
    """
    inner = Findings("")
    inner.aliases = findings.aliases
    whole = validated(model, entry.value, entry.key, inner)
    if whole is not None:
        return whole
    for problem in inner.problems:
        findings.repeat(problem)
    known = fields(model)
    faulty = {problem.key[len(entry.key) + 1 :].split(".")[0] for problem in inner.problems}
    spared = {
        key
        for key in faulty
        if key not in known
        or (key not in required(model) and (document(known[key]) or options(known[key])))
    }
    if spared != faulty:
        return None
    left = {key: value for key, value in entry.value.items() if key not in faulty}
    return validated(model, left, entry.key, inner)


def validated(
    model: type[Document], value: dict[str, Any], key: str, findings: Findings
) -> Document | None:
    """Return the entry as an object, or None with every fault in `findings`."""
    strict = _frozen(value)
    try:
        return model.model_validate(strict, strict=True)
    except ValidationError as error:
        # A union complains once for each of its members: only the deepest key counts.
        seen = set()
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            described = _describe(model, strict, key, fault["loc"])
            if described[0] not in seen:
                seen.add(described[0])
                at, found, may_be, name, names = described
                findings.add(at, found, may_be, name=name, names=names)
        return None


def _frozen(value: Any) -> Any:
    """Return TOML's lists as tuples and its dates as midnights, which the schema asks for."""
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def _describe(
    model: type[Document], value: Any, key: str, loc: tuple[int | str, ...]
) -> tuple[str, str, str, object, tuple[str, ...]]:
    """Return key path, found, allowed, and the name with the valid names, for one complaint."""
    hint: Any = model
    for step in loc:
        table = document(hint)
        if isinstance(step, int) and is_list(hint):
            value = value[step]
            key = f"{key}.{_item_name(value, step)}" if table else f"{key}[{step + 1}]"
            hint = bare(hint).__args__[0]
        elif table is not None and not is_list(hint):
            names = tuple(fields(table))
            key = f"{key}.{step}"
            if step not in names:
                return key, "an unknown key", "the keys " + ", ".join(names), step, names
            hint = fields(table)[str(step)]
            if not isinstance(value, dict) or step not in value:
                return key, NOTHING, allowed(hint), None, ()
            value = value[str(step)]
        else:
            break
    found = shown(value)
    if bare(hint) in (Quantity, Moment) and not isinstance(value, dict):
        found += ", without a reason"
    dated = isinstance(value, str) and _DATE.match(value) and datetime in alternatives(hint)
    unquoted = ", without quotes" if dated else ""
    return key, found, allowed(hint) + unquoted, value, options(hint)


def _item_name(value: object, number: int) -> str:
    place = value.get("place") if isinstance(value, dict) else None
    return place if isinstance(place, str) else f"#{number + 1}"

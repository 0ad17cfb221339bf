"""A replication of a scenario with phases: each is played by itself, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum, isnan, nan
from typing import NamedTuple

from sandtable import outcomes as o
from sandtable.battle_columns import BATTLE_COLUMNS
from sandtable.engine import campaign
from sandtable.engine.battle_record import BattleRow
from sandtable.engine.campaign import STEP_DAYS, Run
from sandtable.engine.events import Event
from sandtable.engine.reporting import Reporter
from sandtable.laws.sampler import Laws
from sandtable.outcomes import Form, Kind, Parsed, of_phase, parse
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams
from sandtable.track_columns import Track

_BATTLE, _MOMENTS = (
    list(BATTLE_COLUMNS).index("battle"),
    [list(BATTLE_COLUMNS).index(name) for name in ("start", "end")],
)
_STATES = (o.STRENGTH, o.TANK_STRENGTH, o.FRONT)
"""Series that tell how things stand, where others tell what has been lost so far."""


def reporter_of(scenario: ResolvedScenario) -> Reporter | PhasesReporter:
    """Return what reads the outcomes off a replication of a scenario."""
    return PhasesReporter(scenario) if scenario.phases else Reporter(scenario)


def run(
    scenario: ResolvedScenario,
    laws: Laws,
    reporter: Reporter | PhasesReporter,
    *,
    streams: Streams,
    replication: int,
    step_days: float = STEP_DAYS,
    record_events: bool = False,
) -> Run:
    """Run one replication, through all phases if the scenario has any; see `campaign.run`.

    Each phase begins with the forces that the scenario gives it, so that alone it is the same.
    """
    if isinstance(reporter, Reporter):
        return campaign.run(
            scenario, laws, reporter, streams=streams, replication=replication,
            step_days=step_days, record_events=record_events,
        )  # fmt: skip
    runs = [
        campaign.run(
            part, laws, own, streams=streams, replication=replication, step_days=step_days,
            record_events=record_events,
        )
        for part, own in zip(scenario.phases, reporter.parts, strict=True)
    ]  # fmt: skip
    return Run(
        reporter.outcomes_of(runs),
        reporter.timeline_of(runs),
        _events(runs, reporter),
        _tracks(runs, reporter.starts),
        _battles(runs, reporter.starts),
        sum(part.event_count for part in runs),
        tuple(map(sum, zip(*(part.quits for part in runs), strict=True))),
    )


class _Source(NamedTuple):
    """Where a value of the whole comes from: columns of phases, by the phase's number."""

    told: Parsed
    columns: list[tuple[int, int]]


class PhasesReporter:
    """Names of outcomes and series of a scenario that runs through phases, and their values.

    ``outcomes`` has those of the whole first, then those of each phase; of the whole, ground
    gained along an axis is told by the last day alone. ``starts`` are the phases' first moments
    in days from the campaign's H-hour, from which all moments count.
    """

    def __init__(self, scenario: ResolvedScenario) -> None:
        calendar = scenario.calendar
        self.days = calendar.calendar_days
        self.parts = [Reporter(part) for part in scenario.phases]
        self.starts = [calendar.span(part.phase).start for part in scenario.phases]
        self._ids = [part.phase for part in scenario.phases]
        self._whole = self._sources()
        self._moments = [
            [i for i, name in enumerate(part.outcomes) if o.is_moment(name)] for part in self.parts
        ]
        within = (
            of_phase(id, name)
            for id, part in zip(self._ids, self.parts, strict=True)
            for name in part.outcomes
        )
        self.outcomes: tuple[str, ...] = (*self._whole, *within)
        self._column = {name: i for i, name in enumerate(self._whole)}
        self._series = self._series_sources()
        self.series: tuple[str, ...] = tuple(self._series)
        self._rows = self._row_of_day(scenario)

    def _sources(self) -> dict[str, _Source]:
        """Each outcome of the whole by its name, in the order of the forms."""
        found: dict[Form, dict[str, _Source]] = {form: {} for form in o.FORMS}
        for number, part in enumerate(self.parts):
            for column, name in enumerate(part.outcomes):
                told = parse(name)
                assert told is not None, name
                if told.form is o.ADVANCE:
                    if told.slots["day"] != str(part.days):
                        continue
                    name = o.ADVANCE.name(axis=told.slots["axis"], day=self.days)
                source = found[told.form].setdefault(name, _Source(told, []))
                source.columns.append((number, column))
        return {name: source for group in found.values() for name, source in group.items()}

    def _series_sources(self) -> dict[str, _Source]:
        """Each daily series by its name: those of the sides, then the fronts."""
        found: dict[str, _Source] = {}
        for number, part in enumerate(self.parts):
            for column, name in enumerate(part.series):
                told = parse(name, o.SERIES)
                assert told is not None, name
                found.setdefault(name, _Source(told, [])).columns.append((number, column))
        return dict(sorted(found.items(), key=lambda item: item[1].told.form is o.FRONT))

    def _row_of_day(self, scenario: ResolvedScenario) -> list[tuple[int, int]]:
        """For H-hour and each day of the campaign, the phase and the row of it that tell it."""
        first = scenario.calendar.h_hour.date()
        rows = [(0, 0)] * (self.days + 1)
        for number, part in enumerate(scenario.phases):
            offset = (part.calendar.h_hour.date() - first).days
            last = self.parts[number].days
            for day in range(1, self.days + 1 - offset):
                rows[offset + day] = (number, min(day, last))
        return rows

    def outcomes_of(self, runs: Sequence[Run]) -> list[float]:
        """The outcomes of a replication from those of its phases, in the order of ``outcomes``."""
        told = [list(run.outcomes) for run in runs]
        for values, start, moments in zip(told, self.starts, self._moments, strict=True):
            for i in moments:
                values[i] += start
        whole = [self._value(source, told, runs) for source in self._whole.values()]
        return whole + [value for values in told for value in values]

    def _value(
        self, source: _Source, told: Sequence[Sequence[float]], runs: Sequence[Run]
    ) -> float:
        """Counts and durations add up; the first of the moments; ground by the last phase."""
        form = source.told.form
        values = [told[number][column] for number, column in source.columns]
        if form.kind is Kind.MOMENT:
            return min([value for value in values if not isnan(value)], default=nan)
        if form is o.ADVANCE:
            return values[-1]
        if form is o.TANKS_BY:
            disabled = o.TANKS_DISABLED.name(side=source.told.slots["side"])
            columns = dict(self._whole[disabled].columns)
            weights = [told[number][columns[number]] for number, _ in source.columns]
            return _mean(values, weights)
        if form is o.QUIT:
            return _mean(values, [fsum(runs[number].quits) for number, _ in source.columns])
        return fsum(values)

    def timeline_of(self, runs: Sequence[Run]) -> list[list[float]]:
        """The daily series: of strength the phase's own, of losses all so far."""
        before = self._lost_before(runs)
        last = [len(run.timeline) - 1 for run in runs]
        rows = []
        for phase, row in self._rows:
            values = []
            for (told, columns), lost in zip(self._series.values(), before, strict=True):
                known = [(n, column) for n, column in columns if n <= phase]
                if not known:
                    values.append(0.0)
                    continue
                number, column = known[-1]
                value = runs[number].timeline[row if number == phase else last[number]][column]
                values.append(value + lost[phase] if told.form not in _STATES else value)
            rows.append(values)
        return rows

    def _lost_before(self, runs: Sequence[Run]) -> list[list[float]]:
        """Of each series, what the phases before each phase came to."""
        found = []
        for _, columns in self._series.values():
            column_in, so_far, sums = dict(columns), 0.0, []
            for number, run in enumerate(runs):
                sums.append(so_far)
                so_far += run.timeline[-1][column_in[number]] if number in column_in else 0.0
            found.append(sums)
        return found


def _mean(shares: Sequence[float], weights: Sequence[float]) -> float:
    """A share of all from the shares of parts; NaN of nothing."""
    known = [(s, w) for s, w in zip(shares, weights, strict=True) if w > 0.0]
    total = fsum([w for _, w in known])
    return fsum([s * w for s, w in known]) / total if total > 0.0 else nan


def _events(runs: Sequence[Run], reporter: PhasesReporter) -> list[Event]:
    """The log of all phases, its days and the numbers of its battles those of the whole."""
    events: list[Event] = []
    battles = 0
    for run, start in zip(runs, reporter.starts, strict=True):
        for event in run.events:
            number = event.battle + battles if event.battle else 0
            events.append(replace(event, day=event.day + start, battle=number))
        battles += _battles_in(run)
    return events


def _tracks(runs: Sequence[Run], starts: Sequence[float]) -> list[Track]:
    """The tracks of all phases, likewise; who has no part in a phase is off the map."""
    rows: list[Track] = []
    last: dict[str, Track] = {}
    for run, start in zip(runs, starts, strict=True):
        here = {row.formation for row in run.tracks}
        new = [
            Track(start, id, "", "", 0.0, 0.0, 0.0, "off the map")
            for id, row in last.items()
            if id not in here and (row.place or row.personnel > 0.0)
        ]
        new += [row._replace(day=row.day + start) for row in run.tracks]
        last |= {row.formation: row for row in new}
        rows += new
    return rows


def _battles(runs: Sequence[Run], starts: Sequence[float]) -> list[BattleRow]:
    """The table of battles of all phases, likewise."""
    rows: list[BattleRow] = []
    before = 0
    for run, start in zip(runs, starts, strict=True):
        for row in run.battles:
            cells = list(row)
            cells[_BATTLE] += before  # type: ignore[operator]
            for column in _MOMENTS:
                cells[column] += start  # type: ignore[operator]
            rows.append(tuple(cells))
        before += _battles_in(run)
    return rows


def _battles_in(run: Run) -> int:
    return max([int(row[_BATTLE]) for row in run.battles], default=0)  # type: ignore[call-overload]

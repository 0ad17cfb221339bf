"""The results of an ensemble, held in memory or read from a run's folder."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sandtable.battle_rows import NO_BATTLES
from sandtable.calendar import Calendar
from sandtable.errors import (
    InputError,
    Problem,
    SandtableError,
    UnknownNameError,
    listed,
    nearest,
)
from sandtable.files import read_bounded, read_json
from sandtable.representation import Represented
from sandtable.runs.manifest_fields import faults_of
from sandtable.toml_text import parse_toml

if TYPE_CHECKING:
    from sandtable.ensemble import Part
    from sandtable.runs.battles import Battles
    from sandtable.runs.tracks import Tracks

MANIFEST = "manifest.json"
OUTCOMES = "outcomes.parquet"
TIMELINE = "timeline.parquet"
BATTLES = "battles.parquet"
TRACKS = "tracks.parquet"
EVENTS = "events.jsonl"
RESOLVED = "scenario.resolved.toml"
_RESOLVED = "the resolved scenario of a run"
MOST_TEXT = 50_000_000
"""Bytes of a manifest, a plan or a resolved scenario."""
# Of replication 0: some hundred bytes an event.
_MOST_EVENTS = 500_000_000
OUTCOME, SERIES = "outcome", "daily series"
"""What a column is called where a name is unknown."""


class NamedColumns(Mapping[str, NDArray[Any]]):
    """Columns held in memory by name. An unknown name raises UnknownNameError with the nearest."""

    def __init__(self, columns: Mapping[str, NDArray[Any]], kind: str) -> None:
        self._columns, self._kind = columns, kind

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._columns:
            raise UnknownNameError(self._kind, name, self._columns)
        return self._columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return f"<{len(self)} columns, one each {self._kind}>"


@dataclass(frozen=True, repr=False)
class RunResults(Represented):
    """What came out of an ensemble.

    ``manifest`` tells what was asked; ``outcomes`` maps each outcome to its values, one a
    replication, in the unit of its name (NaN: it never came about); ``series`` names the daily
    series; ``path`` is the run's folder, None if the run was not written. Of a folder, outcomes
    and daily series are read one by one as they are asked for, and none is kept here.
    """

    manifest: Mapping[str, Any]
    outcomes: Mapping[str, NDArray[np.float64]]
    series: tuple[str, ...]
    path: Path | None
    _timeline: NDArray[np.float32] | None = None
    _events: list[dict[str, Any]] | None = None
    _battles: Battles | None = None

    @cached_property
    def numbers(self) -> NDArray[np.int32]:
        """Numbers of the replications, in order; those that failed are left out."""
        failed = [failure["replication"] for failure in self.manifest.get("failures", ())]
        numbers = np.arange(self.manifest["replications"], dtype=np.int32)
        return np.delete(numbers, failed)

    @cached_property
    def daily(self) -> Mapping[str, NDArray[np.float32]]:
        """Daily series by name, each of shape (replications, days + 1); column 0 is H-hour."""
        from sandtable.runs.tables import StoredColumns

        if self._timeline is not None:
            held = {name: self._timeline[:, :, k] for k, name in enumerate(self.series)}
            return NamedColumns(held, SERIES)
        assert self.path is not None
        return StoredColumns(self.path / TIMELINE, SERIES)

    @cached_property
    def timeline(self) -> NDArray[np.float32]:
        """All daily series at once, of shape (replications, days + 1, series), held in memory."""
        if self._timeline is not None:
            return self._timeline
        first = self.daily[self.series[0]]
        whole = np.empty((*first.shape, len(self.series)), dtype=np.float32)
        for index, name in enumerate(self.series):
            whole[:, :, index] = self.daily[name]
        return whole

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """Every event of replication 0, in order: day, kind, place, formation, side, cause."""
        if self._events is not None:
            return self._events
        assert self.path is not None
        return _events(self.path / EVENTS)

    @cached_property
    def battles(self) -> Battles:
        """Battles and their phases, a row each, by column. Raises InputError without their file."""
        from sandtable.runs.battles import Battles

        if self._battles is not None:
            return self._battles
        assert self.path is not None
        return Battles(self.path / BATTLES)

    @cached_property
    def tracks(self) -> Tracks:
        """Tracks of formations that a folder keeps. Raises InputError without their file."""
        from sandtable.runs.tracks import Tracks

        assert self.path is not None
        return Tracks(self.path / TRACKS)

    def rows(self, numbers: Collection[int]) -> dict[int, dict[str, float]]:
        """Return the outcomes of some replications, by number and by name.

        Raises SandtableError for a number that is none of the run's, or failed.
        """
        for number in numbers:
            if number not in self.numbers:
                raise self._no_such(number)
        from sandtable.runs.tables import StoredColumns

        if isinstance(self.outcomes, StoredColumns):
            return self.outcomes.of_replications(numbers)
        places = {number: int(np.searchsorted(self.numbers, number)) for number in numbers}
        return {
            number: {name: float(values[at]) for name, values in self.outcomes.items()}
            for number, at in places.items()
        }

    def _no_such(self, number: int) -> SandtableError:
        failed = [str(one["replication"]) for one in self.manifest.get("failures", ())]
        without = f", without those that failed ({listed(failed)})" if failed else ""
        last = self.manifest["replications"] - 1
        return SandtableError(
            f"replication: found {number}; allowed: one of the run's, 0 to {last}{without}"
        )

    @classmethod
    def of_folder(cls, folder: Path, manifest: Mapping[str, Any]) -> RunResults:
        """Open the tables of a folder, whose columns are read as they are asked for.

        Raises InputError if they are not those of the manifest's replications.
        """
        from sandtable.runs.tables import StoredColumns

        series = tuple(StoredColumns(folder / TIMELINE, SERIES))
        outcomes = StoredColumns(folder / OUTCOMES, OUTCOME)
        failed = {failure["replication"] for failure in manifest.get("failures", ())}
        told = manifest.get("replications", 0)
        if told - len(failed) != outcomes.rows or max(failed, default=-1) >= told:
            found = f"{told:,}, {len(failed):,} of them failed"
            allowed = f"{outcomes.rows:,} that did not fail, as {OUTCOMES} holds"
            raise InputError([Problem(str(folder / MANIFEST), "replications", found, allowed)])
        return cls(manifest, outcomes, series, folder)

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading."""
        return {
            "replications": len(self.numbers),
            "outcomes": len(self.outcomes),
            "series": len(self.series),
            "folder": self.path,
        }


def _events(path: Path) -> list[dict[str, Any]]:
    """Read an event log. Raises InputError if it is none."""
    content = read_bounded(path, _MOST_EVENTS, "the event log of a run")
    try:
        events = [json.loads(line) for line in content.decode("utf-8").splitlines()]
    except (ValueError, RecursionError) as error:
        found = f"broken JSON ({error})"
    else:
        if all(isinstance(event, dict) for event in events):
            return events
        found = "a line without an event"
    raise InputError([Problem(str(path), "file", found, "the event log of a run")])


class InMemoryRun:
    """Parts of an ensemble in memory, whole, or the outcomes ``only`` of each and no more.

    ``names`` are those of the parts' outcomes and series.
    """

    def __init__(
        self, names: tuple[tuple[str, ...], tuple[str, ...]], only: Sequence[str] | None = None
    ) -> None:
        self._names = names if only is None else (tuple(only), ())
        self._places = None if only is None else [names[0].index(name) for name in only]
        self._parts: list[Part] = []

    def write(self, part: Part) -> None:
        """Hold one part."""
        if self._places is not None:
            # Chosen by lists, hence copied: a view would hold on to all of the part.
            outcomes, timeline = part.outcomes[:, self._places], part.timeline[:, :, []]
            part = replace(part, outcomes=outcomes, timeline=timeline, battles=NO_BATTLES)
        self._parts.append(part)

    def results(self, manifest: Mapping[str, Any]) -> RunResults:
        """Join the parts, in order, without replications that failed."""
        from sandtable.runs.battles import Battles, table_of_battles

        ordered = sorted(self._parts, key=lambda part: part.first)
        kept = [part.kept for part in ordered]
        # Column by column: whole tables would lie in memory once more.
        outcomes = {
            name: np.concatenate(
                [part.outcomes[rows, k] for part, rows in zip(ordered, kept, strict=True)]
            )
            for k, name in enumerate(self._names[0])
        }
        timeline = np.concatenate(
            [part.timeline[rows] for part, rows in zip(ordered, kept, strict=True)]
        )
        events = [asdict(event) for event in ordered[0].events]
        battles = Battles(table_of_battles(part.battles for part in ordered))
        columns = NamedColumns(outcomes, OUTCOME)
        return RunResults(manifest, columns, self._names[1], None, timeline, events, battles)


def paired_replications(
    first: RunResults, second: RunResults
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell of each replication of two runs whether the other has it too.

    Raises SandtableError if they have none in common.
    """
    mine, theirs = (
        np.isin(one.numbers, other.numbers) for one, other in ((first, second), (second, first))
    )
    if not mine.any():
        raise SandtableError("no replication was completed in both runs, so none can be paired")
    return mine, theirs


def load_results(folder: Path) -> RunResults:
    """Open the finished run in ``folder``. Raises InputError if there is none."""
    manifest = read_manifest(folder)
    verb = manifest.get("verb", "run")
    if verb != "run":
        raise InputError([Problem(str(folder), "run", f"a folder of {verb[:40]!r}", _FINISHED)])
    return RunResults.of_folder(folder, manifest)


def read_calendar(folder: Path) -> Calendar:
    """Read a finished run's time, H-hour and length, from its resolved scenario.

    Raises InputError if the folder holds none.
    """
    told = _resolved(folder)
    try:
        return Calendar(told["calendar"]["h_hour"], told["calendar"]["days"])
    except (KeyError, TypeError):
        raise _not_resolved(folder, "calendar", "no [calendar] with h_hour and days") from None


def read_names(folder: Path) -> dict[str, dict[str, str]]:
    """Read the names of a finished run's ``places`` and ``formations`` by id.

    They stand in its resolved scenario. Raises InputError if the folder holds none.
    """
    told = _resolved(folder)
    kinds = ("places", "formations")
    try:
        return {kind: {one["id"]: one["name"] for one in told[kind]} for kind in kinds}
    except (KeyError, TypeError):
        raise _not_resolved(folder, "places", "no places with id and name") from None


def _resolved(folder: Path) -> dict[str, Any]:
    """Read the resolved scenario of a finished run."""
    try:
        return parse_toml(read_bounded(folder / RESOLVED, MOST_TEXT, _RESOLVED).decode("utf-8"))
    except ValueError as error:
        raise _not_resolved(folder, "file", f"broken TOML ({error})") from None


def _not_resolved(folder: Path, key: str, found: str) -> InputError:
    return InputError([Problem(str(folder / RESOLVED), key, found, _RESOLVED)])


def read_manifest(folder: Path, needed: Iterable[str] = ()) -> dict[str, Any]:
    """Read a finished run's manifest, which holds the fields ``needed`` too.

    Raises InputError if the folder holds no such run.
    """
    path = folder / MANIFEST
    try:
        path.stat()
    except (OSError, ValueError) as error:
        raise InputError([_no_run(folder, error)]) from None
    manifest = read_json(path, MOST_TEXT, _FINISHED)
    if not isinstance(manifest, dict) or "digests" not in manifest:
        raise InputError([Problem(str(path), "file", "no manifest of a run", _FINISHED)])
    faults = [Problem(str(path), *fault) for fault in faults_of(manifest, needed)]
    if faults:
        raise InputError(faults)
    return manifest


_FINISHED = "the folder of a finished run"


def _no_run(folder: Path, error: Exception) -> Problem:
    """Tell what there is in place of a run's folder."""
    partial = folder.with_name(folder.name + ".partial")
    close = None
    if not folder.exists():
        found = "no such folder"
        if partial.is_dir():
            found = f"only an interrupted run in {partial}; use --resume to complete it"
        else:
            runs = sorted(path.parent.name for path in folder.parent.glob(f"*/{MANIFEST}"))
            close = nearest(folder.name, runs)
    elif not folder.is_dir():
        found = "a file"
    elif isinstance(error, FileNotFoundError):
        found = f"a folder without {MANIFEST}, so not a run"
    else:
        found = getattr(error, "strerror", None) or str(error)
    meant = None if close is None else str(folder.with_name(close))
    return Problem(str(folder), "run", found, _FINISHED, meant)

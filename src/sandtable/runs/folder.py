"""A run's folder, written part by part beside its place and renamed into it when whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sandtable.battle_rows import NO_BATTLES, BattleRows
from sandtable.files import write_whole
from sandtable.plain_text import csv_text
from sandtable.runs.battles import write_battles
from sandtable.runs.inputs import Inputs
from sandtable.runs.partial import PartialFolder
from sandtable.runs.results import (
    BATTLES,
    EVENTS,
    OUTCOMES,
    RESOLVED,
    TIMELINE,
    TRACKS,
    RunResults,
    load_results,
)
from sandtable.runs.tables import write_outcomes, write_timeline
from sandtable.runs.tracks import write_tracks

if TYPE_CHECKING:
    import pyarrow as pa

    from sandtable.ensemble import Failure, Part

FAILURES = "failures.csv"
_WHOLE, _FAILED = "part", "failed"


class RunFolder(PartialFolder):
    """The folder of one run; see `PartialFolder`."""

    @property
    def done(self) -> frozenset[int]:
        """First replications of the parts that are written and in which none failed."""
        return frozenset(first for first, name in self._parts() if name.startswith(_WHOLE))

    def outcomes_of(self, first: int) -> NDArray[Any]:
        """Read the outcomes of a part that is done."""
        return self.saved_array(_name(_WHOLE, first), "outcomes")

    def write(self, part: Part) -> None:
        """Write one part; it is there as a whole or not at all."""
        kind, other = (_FAILED, _WHOLE) if part.failures else (_WHOLE, _FAILED)
        name = _name(kind, part.first)
        lines = [json.dumps(asdict(event), ensure_ascii=False) for event in part.events]
        log = "".join(f"{line}\n" for line in lines).encode()
        self.save(
            name,
            outcomes=part.outcomes,
            timeline=part.timeline,
            events=np.frombuffer(log, dtype=np.uint8),
            **part.battles.arrays(),
        )
        self.drop(_name(other, part.first))

    def list_failures(self, failures: Sequence[Failure]) -> None:
        """Write the list of replications that failed, or remove it if there are none."""
        if not failures:
            (self.work / FAILURES).unlink(missing_ok=True)
            return
        rows = ((one.replication, one.seed, one.error) for one in failures)
        self.write_file(FAILURES, csv_text(("replication", "seed", "error"), rows))

    def merge(
        self,
        names: tuple[tuple[str, ...], tuple[str, ...]],
        resolved: str,
        failures: Sequence[Failure] = (),
    ) -> RunResults:
        """Join the parts into tables; return results that read from the working folder.

        ``names`` are those of outcomes and series; ``resolved`` is the resolved scenario's text.
        ``failures`` have no row.
        """
        failed = [failure.replication for failure in failures]
        # What an earlier attempt joined may be cut short, and its tracks would be read.
        (self.work / TRACKS).unlink(missing_ok=True)
        outcomes, timeline = self._arrays("outcomes"), self._arrays("timeline")
        write_outcomes(self.work / OUTCOMES, names[0], outcomes, left_out=failed)
        write_timeline(self.work / TIMELINE, names[1], timeline, left_out=failed)
        write_battles(self.work / BATTLES, self._battles())
        write_whole(self.work / EVENTS, next(self._arrays("events")).tobytes())
        self.write_file(RESOLVED, resolved)
        return RunResults.of_folder(self.work, self.manifest)

    def write_tracks(self, table: pa.Table) -> None:
        """Write the tracks of formations in some replications."""
        write_tracks(self.work / TRACKS, table)

    def finish(self, inputs: Inputs, jobs: int) -> RunResults:
        """Write inputs and manifest, rename the folder into its place, and open it."""
        self.complete(inputs, {"jobs": jobs})
        return load_results(self.path)

    def _arrays(self, key: str) -> Iterator[NDArray[Any]]:
        for _, name in self._parts():
            yield self.saved_array(name, key)

    def _battles(self) -> Iterator[BattleRows]:
        for _, name in self._parts():
            yield BattleRows.of_arrays([self.saved_array(name, k) for k in NO_BATTLES.arrays()])

    def _parts(self) -> list[tuple[int, str]]:
        return sorted((int(name.split("-")[1]), name) for name in self.saved)


def _name(kind: str, first: int) -> str:
    return f"{kind}-{first:08d}"

"""The folder of an experiment: the outcomes of every point, part by part, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sandtable.record.partial import PartialFolder
from sandtable.record.response_table import TABLE, Cell, read_table

if TYPE_CHECKING:
    from sandtable.experiments import Part

ANSWER = "answer.txt"


@dataclass(frozen=True, slots=True)
class PointTable:
    """Outcomes of one point, a row a replication from number 0, and which rows are sound."""

    values: NDArray[np.float64]
    sound: NDArray[np.bool_]


class ExperimentFolder(PartialFolder):
    """The folder of one experiment; see `PartialFolder`."""

    @property
    def done(self) -> frozenset[tuple[int, int]]:
        """Point and first replication of the parts that need no more work: none failed in them."""
        return frozenset(
            (_point(name), int(name.split("-")[2]))
            for name in self.saved
            if not self.saved_array(name, "failed").size
        )

    def write(self, part: Part, point: int, names: Sequence[str], wanted: Sequence[str]) -> None:
        """Write what is ``wanted`` of a part, whose outcomes have ``names``; NaN where it lacks."""
        column = {name: place for place, name in enumerate(names)}
        kept = np.full((len(part.outcomes), len(wanted)), np.nan)
        for place, name in enumerate(wanted):
            if name in column:
                kept[:, place] = part.outcomes[:, column[name]]
        self.save(
            f"part-{point:06d}-{part.first:08d}",
            outcomes=kept,
            failed=np.array([failure.replication for failure in part.failures], dtype=np.int32),
            errors=np.array([failure.error for failure in part.failures], dtype=np.str_),
        )

    def tables(
        self, points: int, seed: int
    ) -> tuple[list[PointTable], list[tuple[int, int, int, str]]]:
        """Join the parts of each point; also point, replication, seed and error of failures."""
        parts: dict[int, list[str]] = {}
        for name in sorted(self.saved):
            parts.setdefault(_point(name), []).append(name)
        tables, failures = list[PointTable](), list[tuple[int, int, int, str]]()
        for point in range(points):
            names = parts[point]
            values = np.concatenate([self.saved_array(name, "outcomes") for name in names])
            sound = np.ones(len(values), dtype=np.bool_)
            for name in names:
                failed = self.saved_array(name, "failed").tolist()
                errors = self.saved_array(name, "errors").tolist()
                sound[failed] = False
                failures += [
                    (point, number, seed, error)
                    for number, error in zip(failed, errors, strict=True)
                ]
            tables.append(PointTable(values, sound))
        return tables, failures


def sound_rows(
    tables: Sequence[PointTable],
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.float64]]]:
    """Yield the numbers and the outcomes of each point's sound replications."""
    for table in tables:
        yield np.flatnonzero(table.sound).astype(np.int32), table.values[table.sound]


@dataclass(frozen=True)
class ExperimentResults:
    """A finished experiment: its folder, the answers in words, and the rows of its table."""

    path: Path
    answers: list[str]
    table: list[dict[str, Cell]]

    @classmethod
    def of(cls, path: Path) -> ExperimentResults:
        """Read the folder of a finished experiment."""
        said = (path / ANSWER).read_text(encoding="utf-8").splitlines()
        return cls(path, said, read_table(path / TABLE))


def _point(name: str) -> int:
    return int(name.split("-")[1])

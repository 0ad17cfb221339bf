"""The parts of a vary study in its folder: the outcomes of every point, a few replications each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sandtable.runs.partial import PartialFolder
from sandtable.studies.vary.method import Numbers, fingerprints

if TYPE_CHECKING:
    from sandtable.ensemble import Part


@dataclass(frozen=True, slots=True)
class PointTable:
    """Outcomes of one point, a row a replication from number 0, and which rows are sound.

    ``fingerprints`` are of all outcomes, also of those not among ``values``.
    """

    values: NDArray[np.float64]
    sound: NDArray[np.bool_]
    fingerprints: Numbers


@dataclass(frozen=True, slots=True)
class PointParts:
    """Writes parts of points to a folder, and reads them again."""

    folder: PartialFolder

    @property
    def done(self) -> frozenset[tuple[int, int]]:
        """Point and first replication of the parts that need no more work: none failed in them."""
        return frozenset(
            (_point(name), int(name.split("-")[2]))
            for name in self.folder.saved
            if not self.folder.saved_array(name, "failed").size
        )

    def write(self, part: Part, names: Sequence[str], wanted: Sequence[str]) -> None:
        """Write what is ``wanted`` of a part, whose outcomes have ``names``; NaN where it lacks."""
        column = {name: place for place, name in enumerate(names)}
        kept = np.full((len(part.outcomes), len(wanted)), np.nan)
        for place, name in enumerate(wanted):
            if name in column:
                kept[:, place] = part.outcomes[:, column[name]]
        self.folder.save(
            f"part-{part.point:06d}-{part.first:08d}",
            outcomes=kept,
            fingerprints=fingerprints(names, part.outcomes),
            failed=np.array([failure.replication for failure in part.failures], dtype=np.int32),
            errors=np.array([failure.error for failure in part.failures], dtype=np.str_),
        )

    def tables(
        self, points: int, seed: int
    ) -> tuple[list[PointTable], list[tuple[int, int, int, str]]]:
        """Join the parts of each point; also point, replication, seed and error of failures."""
        parts: dict[int, list[str]] = {}
        for name in sorted(self.folder.saved):
            parts.setdefault(_point(name), []).append(name)
        tables, failures = list[PointTable](), list[tuple[int, int, int, str]]()
        for point in range(points):
            values, prints = (
                np.concatenate([self.folder.saved_array(name, key) for name in parts[point]])
                for key in ("outcomes", "fingerprints")
            )
            sound = np.ones(len(values), dtype=np.bool_)
            for name in parts[point]:
                failed = self.folder.saved_array(name, "failed").tolist()
                errors = self.folder.saved_array(name, "errors").tolist()
                sound[failed] = False
                failures += [
                    (point, number, seed, error)
                    for number, error in zip(failed, errors, strict=True)
                ]
            tables.append(PointTable(values, sound, prints))
        return tables, failures


def sound_rows(
    tables: Sequence[PointTable],
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.float64]]]:
    """Yield the numbers and the outcomes of each point's sound replications."""
    for table in tables:
        yield np.flatnonzero(table.sound).astype(np.int32), table.values[table.sound]


def _point(name: str) -> int:
    return int(name.split("-")[1])

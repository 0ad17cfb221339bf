"""The folder of an experiment: the outcomes of every point, part by part, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sandtable.runs.fitted import fitted_warning
from sandtable.runs.partial import PartialFolder
from sandtable.runs.results import read_manifest
from sandtable.studies.vary.inert_keys import Numbers, fingerprints
from sandtable.studies.vary.tables import TABLE, Cell, read_table

if TYPE_CHECKING:
    from sandtable.ensemble import Part

ANSWER = "answer.txt"
UNMOVING = "changed_nothing"
"""Where the manifest says which of the keys changed no outcome in any replication."""


@dataclass(frozen=True, slots=True)
class PointTable:
    """Outcomes of one point, a row a replication from number 0, and which rows are sound.

    ``fingerprints`` are of all outcomes, also of those not among ``values``.
    """

    values: NDArray[np.float64]
    sound: NDArray[np.bool_]
    fingerprints: Numbers


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
            fingerprints=fingerprints(names, part.outcomes),
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
            prints = np.concatenate([self.saved_array(name, "fingerprints") for name in names])
            sound = np.ones(len(values), dtype=np.bool_)
            for name in names:
                failed = self.saved_array(name, "failed").tolist()
                errors = self.saved_array(name, "errors").tolist()
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


@dataclass(frozen=True)
class ExperimentResults:
    """A finished experiment: its folder, the answers in words, and the rows of its table.

    ``fitted_to`` are the claims that any of its points was fitted to; ``warnings`` stand at the
    head of the answers too.
    """

    path: Path
    fitted_to: list[str]
    warnings: list[str]
    answers: list[str]
    table: list[dict[str, Cell]]

    @classmethod
    def of(cls, path: Path) -> ExperimentResults:
        """Read the folder of a finished experiment."""
        said = (path / ANSWER).read_text(encoding="utf-8").splitlines()
        manifest = read_manifest(path)
        fitted = manifest.get("fitted_to") or []
        return cls(path, fitted, warnings_of(manifest), said, read_table(path / TABLE))


def warnings_of(manifest: Mapping[str, Any]) -> list[str]:
    """Return what must be said beside the results: of keys without effect, and of a fit."""
    fitted = fitted_warning(manifest)
    found = [] if fitted is None else [fitted]
    if UNMOVING in manifest:
        keys, replications = manifest[UNMOVING]["keys"], manifest[UNMOVING]["replications"]
        what = "it has" if len(keys) == 1 else "they have"
        found.append(
            f"{', '.join(keys)}: no outcome changed in any of {replications} replications at any "
            f"of {len(manifest['points'])} points; under this scenario {what} no effect, or only "
            "through what never happened"
        )
    return found


def _point(name: str) -> int:
    return int(name.split("-")[1])

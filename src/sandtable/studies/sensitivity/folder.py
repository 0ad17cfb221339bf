"""The folder of a sensitivity analysis: the runs of every design, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sandtable.runs.partial import PartialFolder
from sandtable.studies.sensitivity.specification import REST
from sandtable.studies.sensitivity.tables import (
    FAILURES,
    MORRIS,
    SAMPLES,
    SOBOL,
    VARIANCE,
    Runs,
    read_rows,
    write_failures,
    write_morris,
    write_samples,
    write_sobol,
    write_variance,
)
from sandtable.studies.sensitivity.uncertain_inputs import CHANCE

if TYPE_CHECKING:
    from sandtable.studies.sensitivity.method import Findings
    from sandtable.studies.sensitivity.specification import Stage
    from sandtable.studies.sensitivity.uncertain_inputs import Input, InputPart

ANSWER = "answer.txt"
FILES = (MORRIS, SOBOL, VARIANCE, SAMPLES, FAILURES, ANSWER)
"""What a finished analysis holds beside its manifest and its figures."""


class SensitivityFolder(PartialFolder):
    """The folder of one sensitivity analysis; see `PartialFolder`.

    A part belongs to the very rows of a stage: which inputs get indices of their own follows
    from the screening, and what a screening with failures chose is not run again once they
    are mended.
    """

    def done(self, stage: Stage) -> frozenset[int]:
        """First rows of the parts of a stage that need no more work: none failed in them."""
        return frozenset(
            int(name.removeprefix(f"{stage.key}-"))
            for name in self._parts(stage)
            if not self.saved_array(name, "failed").any()
        )

    def write(self, stage: Stage, part: InputPart) -> None:
        """Write one part; it is there as a whole or not at all."""
        self.save(
            f"{stage.key}-{part.first:08d}",
            outcomes=part.outcomes,
            failed=~part.kept,
            errors=np.array([failure.error for failure in part.failures], dtype=np.str_),
        )

    def runs(self, stage: Stage) -> Runs:
        """Join the parts of a stage, all of which are written."""
        failed, errors, outcomes = (
            np.concatenate([self.saved_array(name, key) for name in self._parts(stage)])
            for key in ("failed", "errors", "outcomes")
        )
        return Runs(
            stage.name, stage.rows, stage.replications, failed, tuple(errors.tolist()), outcomes
        )

    def list_failures(self, runs: Sequence[Runs], seed: int) -> None:
        """Write the list of the runs that failed, empty if none did."""
        write_failures(self.work / FAILURES, runs, seed)

    def write_tables(
        self, inputs: Sequence[Input], findings: Sequence[Findings], runs: Sequence[Runs]
    ) -> None:
        """Write what was found of each outcome, and all the runs that it rests on."""
        sources = {one.group: one.source for one in inputs} | {CHANCE: CHANCE, REST: REST}
        outcomes = [one.outcome for one in findings]
        write_morris(self.work / MORRIS, findings, sources)
        write_sobol(self.work / SOBOL, findings, sources)
        write_variance(self.work / VARIANCE, findings)
        write_samples(self.work / SAMPLES, [one.name for one in inputs], outcomes, runs)

    def write_answer(self, lines: Sequence[str]) -> None:
        """Write the answer in words."""
        self.write_file(ANSWER, "".join(f"{line}\n" for line in lines))

    def _parts(self, stage: Stage) -> list[str]:
        return sorted(name for name in self.saved if name.startswith(f"{stage.key}-"))


@dataclass(frozen=True, slots=True)
class SensitivityResults:
    """A finished analysis: its folder, its answer in words, and its tables, row by row."""

    path: Path
    answer: str
    morris: list[dict[str, str]]
    sobol: list[dict[str, str]]
    variance: list[dict[str, str]]

    @classmethod
    def of(cls, path: Path) -> SensitivityResults:
        """Read the folder of a finished analysis."""
        said = (path / ANSWER).read_text(encoding="utf-8")
        return cls(path, said, *(read_rows(path / name) for name in (MORRIS, SOBOL, VARIANCE)))

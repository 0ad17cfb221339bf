"""The parts of a sensitivity analysis in its folder: the runs of every stage, some rows each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sandtable.runs.partial import PartialFolder
from sandtable.studies.sensitivity.tables import StageRuns

if TYPE_CHECKING:
    from sandtable.studies.sensitivity.specification import AnalysisStage
    from sandtable.studies.sensitivity.uncertain_inputs import InputPart


@dataclass(frozen=True, slots=True)
class StageParts:
    """Writes parts of stages to a folder, and reads them again.

    A part belongs to the very rows of a stage: which inputs get indices of their own follows
    from the screening, and what a screening with failures chose is not run again once they
    are mended.
    """

    folder: PartialFolder

    def done(self, stage: AnalysisStage) -> frozenset[int]:
        """First rows of the parts of a stage that need no more work: none failed in them."""
        return frozenset(
            int(name.removeprefix(f"{stage.key}-"))
            for name in self._names(stage)
            if not self.folder.saved_array(name, "failed").any()
        )

    def write(self, stage: AnalysisStage, part: InputPart) -> None:
        """Write one part; it is there as a whole or not at all."""
        self.folder.save(
            f"{stage.key}-{part.first:08d}",
            outcomes=part.outcomes,
            failed=~part.kept,
            errors=np.array([failure.error for failure in part.failures], dtype=np.str_),
        )

    def runs(self, stage: AnalysisStage) -> StageRuns:
        """Join the parts of a stage, all of which are written."""
        failed, errors, outcomes = (
            np.concatenate([self.folder.saved_array(name, key) for name in self._names(stage)])
            for key in ("failed", "errors", "outcomes")
        )
        return StageRuns(
            stage.name, stage.rows, stage.replications, failed, tuple(errors.tolist()), outcomes
        )

    def _names(self, stage: AnalysisStage) -> list[str]:
        return sorted(name for name in self.folder.saved if name.startswith(f"{stage.key}-"))

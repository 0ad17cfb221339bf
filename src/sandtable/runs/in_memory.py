"""The results of an ensemble that is not written: its parts, held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sandtable.runs.results import Results

if TYPE_CHECKING:
    from sandtable.ensemble import Part


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
            # ClaimsToMeet by lists, hence copied: a view would hold on to all of the part.
            outcomes, timeline = part.outcomes[:, self._places], part.timeline[:, :, []]
            part = replace(part, outcomes=outcomes, timeline=timeline)
        self._parts.append(part)

    def results(self, manifest: Mapping[str, Any]) -> Results:
        """Join the parts, in order, without replications that failed."""
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
        return Results(manifest, outcomes, self._names[1], None, timeline, events)

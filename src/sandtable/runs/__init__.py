"""The folder of a run: what was asked, what came out, and how to read it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandtable.lazy_names import lazy_names

if TYPE_CHECKING:
    from sandtable.runs.folder import RunFolder
    from sandtable.runs.inputs import INPUTS, Inputs, kept_request
    from sandtable.runs.intact import check_intact
    from sandtable.runs.manifest import (
        changes_told,
        differences,
        ground_fields,
        identity,
        reached_fields,
        title_told,
    )
    from sandtable.runs.request import Request, RunOptions, repeated
    from sandtable.runs.results import InMemoryRun, RunResults, load_results, paired_replications

__all__ = [
    "INPUTS",
    "InMemoryRun",
    "Inputs",
    "Request",
    "RunFolder",
    "RunOptions",
    "RunResults",
    "changes_told",
    "check_intact",
    "differences",
    "ground_fields",
    "identity",
    "kept_request",
    "load_results",
    "paired_replications",
    "reached_fields",
    "repeated",
    "title_told",
]

# Whoever draws a run needs none of what writes one.
__getattr__ = lazy_names(
    __name__,
    {
        "folder": "RunFolder",
        "inputs": "INPUTS Inputs kept_request",
        "intact": "check_intact",
        "manifest": "changes_told differences ground_fields identity reached_fields title_told",
        "request": "Request RunOptions repeated",
        "results": "InMemoryRun RunResults load_results paired_replications",
    },
)

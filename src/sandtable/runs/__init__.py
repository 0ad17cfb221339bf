"""The folder of a run: what was asked, what came out, and how to read it again."""

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

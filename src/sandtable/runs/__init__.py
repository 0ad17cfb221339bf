"""The folder of a run: what was asked, what came out, and how to read it again."""

from sandtable.runs.folder import RunFolder
from sandtable.runs.manifest import ground_fields, identity, reached_fields
from sandtable.runs.request import Request, RunOptions, repeated
from sandtable.runs.results import InMemoryRun, RunResults, load_results, paired_replications

__all__ = [
    "InMemoryRun",
    "Request",
    "RunFolder",
    "RunOptions",
    "RunResults",
    "ground_fields",
    "identity",
    "load_results",
    "paired_replications",
    "reached_fields",
    "repeated",
]

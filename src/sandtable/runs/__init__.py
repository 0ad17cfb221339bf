"""The folder of a run: what was asked, what came out, and how to read it again."""

from sandtable.runs.folder import RunFolder
from sandtable.runs.in_memory import InMemoryRun
from sandtable.runs.manifest import ground_fields, identity, reached_fields
from sandtable.runs.request import Request, RunOptions, repeated
from sandtable.runs.results import Results, load_results, pairs

__all__ = [
    "InMemoryRun",
    "Request",
    "Results",
    "RunFolder",
    "RunOptions",
    "ground_fields",
    "identity",
    "load_results",
    "pairs",
    "reached_fields",
    "repeated",
]

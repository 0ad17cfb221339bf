"""The folder of a run: what was asked, what came out, and how to read it again."""

from sandtable.record.folder import RunFolder
from sandtable.record.held import HeldParts
from sandtable.record.manifest import Request, default_folder, found, identity
from sandtable.record.results import Results, load_results, pairs

__all__ = [
    "HeldParts",
    "Request",
    "Results",
    "RunFolder",
    "default_folder",
    "found",
    "identity",
    "load_results",
    "pairs",
]

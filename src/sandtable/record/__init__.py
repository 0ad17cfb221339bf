"""The folder of a run: what was asked, what came out, and how to read it again."""

from sandtable.record.folder import RunFolder
from sandtable.record.manifest import Request, default_folder, identity
from sandtable.record.results import Results, load_results

__all__ = [
    "Request",
    "Results",
    "RunFolder",
    "default_folder",
    "identity",
    "load_results",
]

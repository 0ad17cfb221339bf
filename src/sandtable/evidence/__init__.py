"""The evidence register: documents, facts and claims, loaded and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandtable.lazy_names import lazy_names

if TYPE_CHECKING:
    from sandtable.evidence.check import RegisterReport, check_register
    from sandtable.evidence.claims import Claim, load_claims
    from sandtable.evidence.facts import ALL_SIDES, Fact, load_facts
    from sandtable.evidence.sources import Source, load_sources
    from sandtable.evidence.tables import CLAIMS, FACTS, Bound, campaigns

__all__ = [
    "ALL_SIDES",
    "CLAIMS",
    "FACTS",
    "Bound",
    "Claim",
    "Fact",
    "RegisterReport",
    "Source",
    "campaigns",
    "check_register",
    "load_claims",
    "load_facts",
    "load_sources",
]

# Whoever compares with claims needs none of what checks a register.
__getattr__ = lazy_names(
    __name__,
    {
        "check": "RegisterReport check_register",
        "claims": "Claim load_claims",
        "facts": "ALL_SIDES Fact load_facts",
        "sources": "Source load_sources",
        "tables": "CLAIMS FACTS Bound campaigns",
    },
)

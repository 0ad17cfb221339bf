"""Where the sources contradict one another, what is made of it, and what it does to outcomes."""

from sandtable.studies.disputes.effects import (
    Effect,
    InputEffects,
    find_effects,
    read_effects,
    write_effects,
)
from sandtable.studies.disputes.page import printed, render_markdown, use_told
from sandtable.studies.disputes.sources import (
    ClaimDispute,
    FactDispute,
    Use,
    claim_disputes,
    fact_disputes,
)

__all__ = [
    "ClaimDispute",
    "Effect",
    "FactDispute",
    "InputEffects",
    "Use",
    "claim_disputes",
    "fact_disputes",
    "find_effects",
    "printed",
    "read_effects",
    "render_markdown",
    "use_told",
    "write_effects",
]

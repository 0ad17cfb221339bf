"""Claims against outcomes; the one package that reads the register's records."""

from sandtable.comparison.compare import (
    Row,
    Summary,
    Unanswered,
    Verdicts,
    compare,
    summarise,
    unanswered,
)
from sandtable.comparison.one_battle import one_battle
from sandtable.comparison.sceptic import sceptic
from sandtable.comparison.scores import OUTSIDE
from sandtable.comparison.table import (
    COLUMNS,
    COMPARISON,
    UNANSWERED,
    comparison_csv,
    read_comparison,
    read_unanswered,
    write_comparison,
    write_unanswered,
)
from sandtable.evidence.claims import Claim, load_claims

__all__ = [
    "COLUMNS",
    "COMPARISON",
    "OUTSIDE",
    "UNANSWERED",
    "Claim",
    "Row",
    "Summary",
    "Unanswered",
    "Verdicts",
    "compare",
    "comparison_csv",
    "load_claims",
    "one_battle",
    "read_comparison",
    "read_unanswered",
    "sceptic",
    "summarise",
    "unanswered",
    "write_comparison",
    "write_unanswered",
]

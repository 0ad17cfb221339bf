"""Claims against outcomes; the one package that reads the register's records."""

from sandtable.comparison.bounds import Bounds
from sandtable.comparison.by_phase import by_phase
from sandtable.comparison.compare import Row, Unanswered, compare, unanswered
from sandtable.comparison.given import given
from sandtable.comparison.nearest import distances
from sandtable.comparison.one_battle import one_battle
from sandtable.comparison.outcome_scores import BASELINES, INTERVALS, Score, Status
from sandtable.comparison.pooled import together
from sandtable.comparison.sceptic import sceptic
from sandtable.comparison.score_table import (
    SCORE,
    SCORE_COLUMNS,
    SCORE_SUMMARY,
    campaigns_csv,
    read_scores,
    summary_fields,
    write_scores,
)
from sandtable.comparison.shown import Comparison
from sandtable.comparison.skill import Skill
from sandtable.comparison.summary import KindScore, Scores, score_run
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
from sandtable.comparison.verdicts import NEVER_ONLY, OUTSIDE
from sandtable.evidence.claims import Claim, about_phase, load_claims

__all__ = [
    "BASELINES",
    "COLUMNS",
    "COMPARISON",
    "INTERVALS",
    "NEVER_ONLY",
    "OUTSIDE",
    "SCORE",
    "SCORE_COLUMNS",
    "SCORE_SUMMARY",
    "UNANSWERED",
    "Bounds",
    "Claim",
    "Comparison",
    "KindScore",
    "Row",
    "Score",
    "Scores",
    "Skill",
    "Status",
    "Unanswered",
    "about_phase",
    "by_phase",
    "campaigns_csv",
    "compare",
    "comparison_csv",
    "distances",
    "given",
    "load_claims",
    "one_battle",
    "read_comparison",
    "read_scores",
    "read_unanswered",
    "sceptic",
    "score_run",
    "summary_fields",
    "together",
    "unanswered",
    "write_comparison",
    "write_scores",
    "write_unanswered",
]

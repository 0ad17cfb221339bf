"""How long a garrison without a way out holds, and what of a pocket gets away.

    in works            ln T = a + b f + s z
    in the open         ln T = p + s_p z
    share that escapes  logit e = o + s_e z

T days from investment, f 1 for field works or a town and 0 for permanent works, z standard
normal. The spread is honest: nine sieges in ten last between an eighth of the median and eight
times it. The garrison's size says nothing that the data bear out. Fitted on sieges and pockets of
other wars (``operational.toml``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log1p

from sandtable.laws.circumstances import posture_in

MOST_ESCAPED = 0.99
"""Share of a pocket beyond which the hazard of slipping out rises no more."""


@dataclass(frozen=True, slots=True)
class FortressLaw:
    """``permanent``: ln days in permanent works; ``field``: what field works or a town add to it.

    ``spread``: standard deviation of ln days from siege to siege.
    """

    permanent: float
    field: float
    spread: float

    def days(self, z: float, *, permanent: bool) -> float:
        """Days from investment; ``z`` a standard normal draw."""
        return exp(self.permanent + (0.0 if permanent else self.field) + self.spread * z)


@dataclass(frozen=True, slots=True)
class PocketLaw:
    """``ln_days`` of a pocket and their ``spread``; log odds of ``escaping``, and their spread."""

    ln_days: float
    spread: float
    escaping: float
    escaping_spread: float

    def days(self, z: float) -> float:
        """Days from encirclement until the last give up; ``z`` a standard normal draw."""
        return exp(self.ln_days + self.spread * z)

    def share_escaped(self, z: float) -> float:
        """Share of the men (0-1) that gets away; ``z`` a standard normal draw."""
        return 1.0 / (1.0 + exp(-self.escaping - self.escaping_spread * z))

    def breakout_days(self, z: float, losses: float) -> float:
        """Mean days until a formation slips out, so that over a pocket's days the share gets away.

        ``losses``: share of its men (0-1) that a formation loses by slipping out.
        """
        leaving = min(self.share_escaped(z) / max(1.0 - losses, 1e-9), MOST_ESCAPED)
        return exp(self.ln_days) / -log1p(-leaving)


def holds_works(works: float) -> bool:
    """Whether a garrison in works of this degree (0-1) holds them as a fortress."""
    return posture_in(works) != "hasty"


def days_at_bay(fortress: FortressLaw, pocket: PocketLaw, works: float, z: float) -> float:
    """Days that a garrison in ``works`` of a degree from 0 to 1 holds out; ``z`` a normal draw."""
    if not holds_works(works):
        return pocket.days(z)
    return fortress.days(z, permanent=posture_in(works) == "fortified")

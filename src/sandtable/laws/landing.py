"""What fire from the shore costs a landing before its men are ashore.

    ln rate = a + s z        afloat = min(most, w rate / 1000)

rate: men lost a thousand landed on the first day, at sea and on the beach; w: share of that day's
losses before the fight ashore (`landing.afloat`), for the battle that follows has a law of its
own. Fitted on landings of other wars (``operational.toml``), whose spread is a factor of six
either way: what fire does to craft is foretold by little more than chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

MOST_LOST = 0.98
"""Share of a wave that fire sinks at most: off Cape Tarkhan, 1941, 18 men of 1,000 got ashore."""


@dataclass(frozen=True, slots=True)
class LandingLaw:
    """``ln_rate``: ln men lost a thousand landed; ``spread`` of it from landing to landing."""

    ln_rate: float
    spread: float

    def share_lost(self, z: float, afloat: float) -> float:
        """Share of men and craft (0-1) that fire costs a wave; ``z`` a standard normal draw.

        ``afloat``: share (0-1) of the first day's losses that falls before the fight ashore.
        """
        return min(MOST_LOST, afloat * exp(self.ln_rate + self.spread * z) / 1000.0)

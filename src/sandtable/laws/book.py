"""All laws of a run in one place: fitted coefficients and planning figures, drawn together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

from sandtable.laws.advance import AdvanceLaw, DupuyTable, FittedRate
from sandtable.laws.attrition import AttritionLaw
from sandtable.laws.coefficients import Coefficients, load_coefficients
from sandtable.laws.cohesion import shares_of
from sandtable.laws.outcome import OutcomeLaw
from sandtable.laws.planning import Planning, load_planning

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Laws:
    """One replication's laws in plain numbers."""

    attrition: AttritionLaw
    outcome: OutcomeLaw
    advance: AdvanceLaw
    planning: Mapping[str, float]
    tables: Mapping[str, tuple[float, ...]]
    cohesion_shares: tuple[float, ...]


@dataclass(frozen=True)
class LawBook:
    """The laws that a scenario names, with all that is uncertain in them."""

    attrition: str
    advance: str
    coefficients: Coefficients
    planning: Planning

    @classmethod
    def shipped(cls, attrition: str, advance: str) -> LawBook:
        """The shipped coefficients and planning figures, under the laws so named."""
        return cls(attrition, advance, load_coefficients(), load_planning())

    @cached_property
    def uncertain(self) -> tuple[str, ...]:
        """Names of the uncertain inputs: coefficients first, then planning figures."""
        fitted = tuple(f"law.normal.{i}" for i in range(self.coefficients.normals))
        return fitted + tuple(f"law.{name}" for name in self.planning.uncertain)

    def central(self) -> Laws:
        """The laws at their estimates, every range at its middle."""
        return self.draw([0.5] * len(self.uncertain))

    def draw(self, u: Sequence[float]) -> Laws:
        """The laws at one draw; ``u`` holds a number in [0, 1) for each uncertain input."""
        n = self.coefficients.normals
        z = [_NORMAL.inv_cdf(min(max(x, 1e-16), 1.0 - 1e-16)) for x in u[:n]]
        drawn = self.coefficients.draw(z, self.attrition)
        planning = self.planning.draw(u[n:])
        tables = self.planning.tables
        advance: AdvanceLaw
        if self.advance == "dupuy":
            rates = {arm: tables[f"dupuy.{arm}"] for arm in ("armour", "mechanised", "infantry")}
            prepared, fortified = planning["dupuy.prepared"], planning["dupuy.fortified"]
            advance = DupuyTable(tables["dupuy.ratio"], rates, prepared, fortified)
        else:
            advance = FittedRate(drawn.advance)
        return Laws(
            drawn.attrition[self.attrition], drawn.outcome, advance, planning, tables,
            shares_of(planning),
        )  # fmt: skip

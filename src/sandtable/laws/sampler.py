"""All laws of a run in one place, drawn together: of battles, of operations, planning figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import sqrt
from statistics import NormalDist

from sandtable.laws.advance import AdvanceLaw, DupuyTable, FittedGround
from sandtable.laws.attrition import FORMS, AttritionLaw
from sandtable.laws.circumstances import Scale, nation_level
from sandtable.laws.coefficients import SIDES, Coefficients, load_coefficients
from sandtable.laws.cohesion import CAUSES
from sandtable.laws.fit_sampler import FitSampler
from sandtable.laws.fitted import Fit, Predictor
from sandtable.laws.operational import OperationalFits, OperationalLaws, load_operational
from sandtable.laws.outcome import OutcomeLaw
from sandtable.laws.planning import Planning, shares_of
from sandtable.laws.planning_file import PlanningSampler, load_planning

_NORMAL = NormalDist()
# A normal is drawn up to six standard deviations, for an effect is an exponential of it.
_RAREST = 1e-9


@dataclass(frozen=True, slots=True)
class Laws:
    """One replication's laws in plain numbers; ``scales`` make features of circumstances.

    ``cohesion_shares`` in the order of ``CAUSES``, ``tank_shares`` of ``outcomes.TANK_CAUSES``.
    """

    attrition: AttritionLaw
    outcome: OutcomeLaw
    advance: AdvanceLaw
    scales: Mapping[str, Scale]
    operations: OperationalLaws
    planning: Planning
    cohesion_shares: tuple[float, ...]
    tank_shares: tuple[float, ...]


@dataclass(frozen=True)
class LawSampler:
    """The laws that a scenario names, with all that is uncertain in them.

    ``armies``: the nation of the battle table whose army each side of the scenario fields, by
    the side's id; empty where unknown, and its effects are then drawn from the spread of all.
    ``year`` of the campaign, which says the army's era.
    """

    attrition: str
    advance: str
    armies: Mapping[str, str]
    year: float
    coefficients: Coefficients
    operations: OperationalFits
    planning: PlanningSampler

    @classmethod
    def shipped(
        cls, attrition: str, advance: str, armies: Mapping[str, str], year: float
    ) -> LawSampler:
        """The shipped fits and planning figures, under the laws so named."""
        found = load_coefficients(), load_operational(), load_planning()
        return cls(attrition, advance, armies, year, *found)

    @cached_property
    def fits(self) -> dict[str, Fit]:
        """The fitted predictors that these laws are drawn from, by name."""
        names = ["outcome.pace", "outcome.odds"]
        names += [f"attrition.{self.attrition}.{side}" for side in SIDES]
        names += ["advance.fitted"] if self.advance == "fitted" else []
        return {name: self.coefficients.fits[name] for name in names}

    @cached_property
    def _samplers(self) -> dict[str, FitSampler]:
        armies = {side: nation_level(army, self.year) for side, army in self.armies.items()}
        return {name: FitSampler(fit, armies) for name, fit in self.fits.items()}

    @cached_property
    def uncertain(self) -> tuple[str, ...]:
        """Names of the uncertain inputs: of battles, of operations, planning figures."""
        fitted = (name for sampler in self._samplers.values() for name in sampler.inputs)
        further = (*self.operations.uncertain, *self.planning.uncertain)
        return tuple(f"law.{name}" for name in (*fitted, *further))

    def central(self) -> Laws:
        """The laws at their estimates, every range at its middle."""
        return self.draw([0.5] * len(self.uncertain))

    @cached_property
    def _places(self) -> dict[str, slice]:
        """Where in a draw the inputs of each fit stand, and those of operations and planning."""
        sizes = {name: len(sampler.inputs) for name, sampler in self._samplers.items()}
        sizes |= {"operations": len(self.operations.uncertain)}
        ends = [0, *accumulate(sizes.values())]
        # Planning figures take the rest, and refuse what is too much.
        return dict(zip([*sizes, "planning"], map(slice, ends, [*ends[1:], None]), strict=True))

    def draw(self, u: Sequence[float]) -> Laws:
        """The laws at one draw; ``u`` holds a number in [0, 1) for each uncertain input."""
        operations = self.operations.draw(u[self._places["operations"]])
        planning = self.planning.draw(u[self._places["planning"]])
        pace, odds = self._predictor("outcome.pace", u), self._predictor("outcome.odds", u)
        return Laws(
            self.battle_law(u, planning),
            OutcomeLaw(pace, odds, self.coefficients.shape, self.coefficients.range),
            self._advance(u, planning),
            self.coefficients.scales,
            operations,
            planning,
            shares_of([planning.cohesion.shares[cause] for cause in CAUSES]),
            planning.tanks.shares,
        )

    def battle_law(self, u: Sequence[float], planning: Planning | None = None) -> AttritionLaw:
        """The battle law alone, as `draw` has it; ``planning`` as drawn there, if it was."""
        form, names = FORMS[self.attrition], [f"attrition.{self.attrition}.{s}" for s in SIDES]
        within = self.coefficients.range
        attacker, defender = (form.side(self._predictor(name, u), within) for name in names)
        sd_a, sd_d = (self.fits[name].residual_sd for name in names)
        rho = self.coefficients.correlations[self.attrition]
        residual = (sd_a, rho * sd_d, sqrt(1.0 - rho * rho) * sd_d)
        surprise = None
        if "surprise" not in form.features:
            planning = planning or self.planning.draw(u[self._places["planning"]])
            surprise = planning.surprise
        return AttritionLaw(self.attrition, attacker, defender, residual, surprise)

    def _predictor(self, name: str, u: Sequence[float]) -> Predictor:
        z = [_NORMAL.inv_cdf(min(max(x, _RAREST), 1.0 - _RAREST)) for x in u[self._places[name]]]
        return self._samplers[name].draw(z)

    def _advance(self, u: Sequence[float], planning: Planning) -> AdvanceLaw:
        if self.advance == "fitted":
            fit = self.fits["advance.fitted"]
            predictor = self._predictor("advance.fitted", u)
            return FittedGround(predictor, fit.residual_sd, self.coefficients.range)
        return DupuyTable(planning)

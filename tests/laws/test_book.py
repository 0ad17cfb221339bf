"""All laws together: what is uncertain is named, drawn within its range, shared by variants."""

import pytest

from sandtable.laws.advance import DupuyTable, FittedRate
from sandtable.laws.attrition import FORMS
from sandtable.laws.book import LawBook
from sandtable.streams import Streams

BOOK = LawBook.shipped("fatigue", "dupuy")


def test_every_uncertain_input_has_a_name_of_its_own():
    names = BOOK.uncertain
    assert len(set(names)) == len(names)
    assert len(names) == BOOK.coefficients.normals + len(BOOK.planning.ranges)


def test_the_centre_is_the_estimate_and_the_middle():
    central = BOOK.central()
    fit = BOOK.coefficients.fits["outcome.hazards"]
    ratio = fit.parameters.index("breaks.ratio")
    assert central.outcome.breaks.ratio == pytest.approx(fit.estimates[ratio])
    low, high = BOOK.planning.ranges["march.foot"]
    assert central.planning["march.foot"] == pytest.approx((low + high) / 2)
    assert sum(central.cohesion_shares) == pytest.approx(1.0)


@pytest.mark.parametrize("attrition", FORMS)
@pytest.mark.parametrize(("advance", "kind"), [("dupuy", DupuyTable), ("fitted", FittedRate)])
def test_the_laws_that_were_named(attrition, advance, kind):
    laws = LawBook.shipped(attrition, advance).central()
    assert laws.attrition.name == attrition
    assert isinstance(laws.advance, kind)


def test_a_planning_figure_moves_with_its_own_number_alone():
    u = [0.5] * len(BOOK.uncertain)
    u[BOOK.uncertain.index("law.march.foot")] = 0.0
    low, central = BOOK.draw(u), BOOK.central()
    assert low.planning["march.foot"] == BOOK.planning.ranges["march.foot"][0]
    changed = {k for k, v in low.planning.items() if v != central.planning[k]}
    assert changed == {"march.foot"}
    assert low.attrition == central.attrition


def test_scenarios_that_differ_in_their_attrition_law_share_the_other_draws():
    u = Streams("s", 1).uniforms("x", 0, len(BOOK.uncertain)).tolist()
    one, other = (LawBook.shipped(name, "fitted").draw(u) for name in ("square", "fatigue"))
    assert one.outcome == other.outcome
    assert one.advance == other.advance
    assert one.planning == other.planning


def test_extreme_draws_stay_finite():
    for u in (0.0, 1.0 - 2**-53):
        laws = BOOK.draw([u] * len(BOOK.uncertain))
        assert 0.0 < laws.outcome.breaks.rate(1e4, 1e4, "hasty") < float("inf")


def test_drawn_coefficients_spread_by_their_standard_error():
    """Over 2000 draws the first coefficient of the hazard has its fit's standard error."""
    book = LawBook.shipped("fatigue", "fitted")
    streams, n = Streams("spread", 0), 2000
    columns = [streams.uniforms(name, 0, n) for name in book.uncertain]
    drawn = [book.draw([column[i] for column in columns]) for i in range(n)]
    exponents = [laws.outcome.breaks.ratio for laws in drawn]
    fit = book.coefficients.fits["outcome.hazards"]
    error = fit.standard_errors()["breaks.ratio"]
    mean = sum(exponents) / n
    spread = (sum((x - mean) ** 2 for x in exponents) / (n - 1)) ** 0.5
    estimate = fit.estimates[fit.parameters.index("breaks.ratio")]
    assert mean == pytest.approx(estimate, abs=4 * error / n**0.5)
    assert spread == pytest.approx(error, rel=0.07)

"""The file of the laws of operations: read whole, drawn with its covariance, faults told."""

from importlib.resources import files
from math import inf, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from sandtable.errors import InputError
from sandtable.laws.operational import REGRESSIONS, TimeLaw, load_operational
from sandtable.streams import Streams

FITS = load_operational()
SHIPPED = (files("sandtable.laws") / "operational.toml").read_text()


def sampled(count):
    streams = Streams("spread", 0)
    columns = [streams.uniforms(name, 0, count) for name in FITS.uncertain]
    return [FITS.draw([column[i] for column in columns]) for i in range(count)]


def figures(laws):
    """What the regressions gave a replication, in the order of the uncertain inputs."""
    f, p, v, t = laws.fortress, laws.pocket, laws.pursuit, laws.time
    n = laws.landing
    return [
        f.permanent, f.field, f.spread, p.ln_days, p.spread, p.escaping, p.escaping_spread,
        v.foot, v.mobile, v.spread, n.ln_rate, n.spread, t.attacker, t.defender, t.spread,
        laws.contact.pursuit, laws.contact.holding,
    ]  # fmt: skip


def test_the_centre_is_the_estimate_and_the_middle_of_a_range():
    found = figures(FITS.draw([0.5] * len(FITS.uncertain)))
    stated = [x for fit in FITS.regressions.values() for x in (*fit.estimates, fit.spread)]
    middles = [(low + high) / 2.0 for low, high in FITS.ranges.values()]
    assert found == pytest.approx([*stated, *middles])


def test_an_input_moves_what_it_names_alone():
    centre = figures(FITS.draw([0.5] * len(FITS.uncertain)))
    high = NormalDist().cdf(1.0)
    for i, name in enumerate(FITS.uncertain):
        u = [0.5] * len(FITS.uncertain)
        u[i] = high
        moved = figures(FITS.draw(u))
        law = name.partition(".")[0]
        changed = {n.partition(".")[0] for n, a, b in
                   zip(FITS.uncertain, centre, moved, strict=True) if a != b}  # fmt: skip
        assert changed == {law}


def test_draws_have_the_covariance_of_the_fit():
    n = 4000
    drawn = np.array([figures(laws)[:2] for laws in sampled(n)])
    fit = FITS.regressions["siege"]
    error = np.sqrt(np.diag(fit.covariance) / n)
    assert np.all(np.abs(drawn.mean(axis=0) - fit.estimates) < 4 * error)
    assert np.cov(drawn.T) == pytest.approx(fit.covariance, rel=5 * sqrt(2 / n), abs=0.005)


def test_extreme_draws_stay_finite():
    for u in (0.0, 1.0 - 2**-53):
        laws = FITS.draw([u] * len(FITS.uncertain))
        assert all(-inf < x < inf for x in figures(laws))
        assert 0.0 < laws.pocket.breakout_days(-8.0, 0.5) < inf
        assert min(laws.time.exponents(-8.0, -8.0)) > 0.0


def test_a_battle_has_exponents_of_its_own():
    law = TimeLaw(1.0, 0.8, 0.1)
    assert law.exponents(0.0, 2.0) == (1.0, pytest.approx(1.0))


FAULTS = [
    ('    "field-works",\n', "", "siege.terms: found ['constant']; allowed: constant, field-works"),
    ("[pocket]", "[pockets]",
     "pocket.terms: found nothing; allowed: required; did you mean 'pockets'?"),
    ("spread = ", 'spread = "', "file: found"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), FAULTS)
def test_faults_are_told_with_their_key(old, new, told, tmp_path):
    path = tmp_path / "fits.toml"
    path.write_text(SHIPPED.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        load_operational(path)
    assert any(line.startswith(f"{path}: {told}") for line in str(caught.value).splitlines())


def test_what_cannot_be_a_covariance_or_a_range(tmp_path):
    import tomllib

    import tomli_w

    content = tomllib.loads(SHIPPED)
    content["siege"]["covariance"] = [[1.0, 2.0], [2.0, 1.0]]
    content["contact"]["pursuit"]["range"] = [0.5, 0.2]
    path = tmp_path / "fits.toml"
    path.write_text(tomli_w.dumps(content))
    with pytest.raises(InputError) as caught:
        load_operational(path)
    assert str(caught.value).splitlines() == [
        f"{path}: contact.pursuit.range: found [0.5, 0.2]; allowed: two numbers from 0 that rise",
        f"{path}: siege.covariance: found a matrix that is not; allowed: symmetric and positive "
        "definite",
    ]
    with pytest.raises(InputError, match="no such file"):
        load_operational(tmp_path / "none.toml")


def test_every_law_says_where_it_holds():
    for name in REGRESSIONS:
        assert FITS.regressions[name].cases > 0
    assert set(FITS.meta["tables"]) == {
        "sieges.csv", "pockets.csv", "pursuits.csv", "landings.csv", "daily.csv", "operations.csv",
    }  # fmt: skip

"""comparison.csv, byte by byte."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest

from sandtable.comparison import (
    COLUMNS,
    Row,
    compare,
    comparison_csv,
    load_claims,
    write_comparison,
)
from sandtable.evidence import CAMPAIGNS, register_root


def row(**given):
    plain = {
        "claim": "a-claim", "outcome": "losses/japan/personnel/captured", "claim_low": 594000.0,
        "claim_high": 1577725.0, "unit": "person", "claimant": 'one, "who" says',
        "source": "a-book",
        "p05": 1 / 3, "p25": 0.0000123456789, "p50": 123456.789, "p75": 1234567.89,
        "p95": math.inf, "mc_error": -0.0, "verdict": "outside", "percentile": 1.0, "crps": 2.5,
        "baseline_crps": math.nan, "note": "not written",
    }  # fmt: skip
    return Row(**(plain | given))


def test_the_bytes(tmp_path):
    path = tmp_path / "comparison.csv"
    write_comparison(path, [row(), row(claim_low=-math.inf, claim_high=12.0)])
    assert path.read_bytes() == (
        b"claim,outcome,claim_low,claim_high,unit,claimant,source,"
        b"p05,p25,p50,p75,p95,mc_error,verdict,percentile,crps,baseline_crps\n"
        b'a-claim,losses/japan/personnel/captured,594000,1577725,person,"one, ""who"" says",a-book,'
        b"0.333333,1.23457e-05,123457,1234568,inf,0,outside,1,2.5,\n"
        b'a-claim,losses/japan/personnel/captured,,12,person,"one, ""who"" says",a-book,'
        b"0.333333,1.23457e-05,123457,1234568,inf,0,outside,1,2.5,\n"
    )


def test_a_number_just_below_a_million_is_whole():
    cells = comparison_csv([row(p50=999_999.4, p75=999_999.6)]).splitlines()[1].split(",")
    assert cells[-8:-6] == ["999999", "1000000"]


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_claims_of_the_register_come_out_as_they_went_in(campaign, h_hour):
    claims = load_claims(register_root(), campaign)
    assert claims
    # Those that outcomes reckon in the unit in which they are printed.
    claims = [c for c in claims if c.unit not in ("date", "percent", "mile", "day")]
    outcomes = {c.outcome: np.array([1.0, 2.0]) for c in claims}
    rows = compare(outcomes, claims, h_hour=h_hour, days=30.0, baseline={})
    table = list(csv.DictReader(io.StringIO(comparison_csv(rows))))
    assert tuple(table[0] if table else COLUMNS) == COLUMNS
    assert [r["claim"] for r in table] == [c.id for c in claims]
    for cells, c in zip(table, claims, strict=True):
        ends = [float(cells[k]) if cells[k] else None for k in ("claim_low", "claim_high")]
        assert ends == [c.low, c.high]

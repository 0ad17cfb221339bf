"""comparison.csv, byte by byte."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace

import numpy as np
import pytest

from sandtable.calendar import Calendar
from sandtable.comparison import (
    COLUMNS,
    Row,
    Unanswered,
    compare,
    comparison_csv,
    load_claims,
    read_comparison,
    read_unanswered,
    write_comparison,
    write_unanswered,
)
from sandtable.errors import InputError
from sandtable.shipped import register_root


def row(**given):
    plain = {
        "claim": "a-claim", "outcome": "losses/japan/personnel/captured", "claim_low": 594000.0,
        "claim_high": 1577725.0, "unit": "person", "claimant": 'one, "who" says',
        "source": "a-book",
        "p05": 1 / 3, "p25": 0.0000123456789, "p50": 123456.789, "p75": 1234567.89,
        "p95": math.inf, "mc_error": -0.0, "verdict": "outside", "percentile": 1.0, "crps": 2.5,
        "baseline_crps": math.nan, "kept": math.nan, "brier": math.nan, "from_bound": math.nan,
        "given": False, "note": "not written",
    }  # fmt: skip
    return Row(**(plain | given))


def test_the_bytes(tmp_path):
    path = tmp_path / "comparison.csv"
    open_end = row(
        claim_low=-math.inf, claim_high=12.0, kept=0.25, brier=0.5625, from_bound=1.5, given=True
    )
    write_comparison(path, [row(), open_end])
    assert path.read_bytes() == (
        b"claim,outcome,claim_low,claim_high,unit,claimant,source,"
        b"p05,p25,p50,p75,p95,mc_error,verdict,percentile,crps,baseline_crps,"
        b"kept,brier,from_bound,given\n"
        b'a-claim,losses/japan/personnel/captured,594000,1577725,person,"one, ""who"" says",a-book,'
        b"0.333333,1.23457e-05,123457,1234568,inf,0,outside,1,2.5,,,,,\n"
        b'a-claim,losses/japan/personnel/captured,,12,person,"one, ""who"" says",a-book,'
        b"0.333333,1.23457e-05,123457,1234568,inf,0,outside,1,2.5,,0.25,0.5625,1.5,yes\n"
    )


def test_a_number_just_below_a_million_is_whole():
    cells = comparison_csv([row(p50=999_999.4, p75=999_999.6)]).splitlines()[1].split(",")
    assert cells[-12:-10] == ["999999", "1000000"]


@pytest.mark.parametrize(
    "campaign", sorted(path.stem for path in (register_root() / "outcomes").iterdir())
)
def test_claims_of_the_register_come_out_as_they_went_in(campaign, h_hour):
    claims = load_claims(register_root(), campaign)
    assert claims
    # Those that outcomes reckon in the unit in which they are printed.
    claims = [c for c in claims if c.unit not in ("date", "percent", "mile", "day")]
    outcomes = {c.outcome: np.array([1.0, 2.0]) for c in claims}
    rows = compare(outcomes, claims, calendar=Calendar(h_hour, 30.0), baseline={})
    table = list(csv.DictReader(io.StringIO(comparison_csv(rows))))
    assert tuple(table[0] if table else COLUMNS) == COLUMNS
    assert [r["claim"] for r in table] == [c.id for c in claims]
    for cells, c in zip(table, claims, strict=True):
        ends = [float(cells[k]) if cells[k] else None for k in ("claim_low", "claim_high")]
        assert ends == [c.low, c.high]


def test_what_was_written_is_read_back(tmp_path):
    path = tmp_path / "comparison.csv"
    rows = [
        row(p05=0.25, p25=0.5, p50=1.0, p75=math.inf, mc_error=math.inf, baseline_crps=3.0),
        row(claim_low=-math.inf, p25=0.5, p05=0.125, p50=7.0, p75=8.0, baseline_crps=0.0),
        row(claim_high=math.inf, p25=0.5, p05=0.125, p50=7.0, p75=8.0, baseline_crps=0.0),
    ]
    of_bounds = {"kept": 0.5, "brier": 0.25, "from_bound": math.inf, "given": True}
    rows = [replace(r, note="", **of_bounds) for r in rows]
    write_comparison(path, rows)
    assert read_comparison(path) == rows
    assert [r.bound for r in read_comparison(path)] == [False, True, True]
    write_comparison(path, [row(crps=math.nan, verdict="no answer")])
    (read,) = read_comparison(path)
    assert math.isnan(read.crps) and math.isnan(read.baseline_crps)
    write_comparison(path, [])
    assert read_comparison(path) == []


def test_unanswered_claims_are_written_and_read_back(tmp_path):
    path = tmp_path / "unanswered.csv"
    found = [Unanswered("a-claim", "captured/mukdn", "no such outcome; the nearest is, well")]
    write_unanswered(path, found)
    assert path.read_bytes() == (
        b'claim,outcome,reason\na-claim,captured/mukdn,"no such outcome; the nearest is, well"\n'
    )
    assert read_unanswered(path) == found


def test_every_fault_of_a_table_is_told(tmp_path):
    path = tmp_path / "comparison.csv"
    text = comparison_csv([row(), row()])
    path.write_text(text.replace("594000", "many", 1).replace("outside", "inside", 1))
    with pytest.raises(InputError) as caught:
        read_comparison(path)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{path}: line 2: claim_low: found many; allowed: a number or nothing",
        f"{path}: line 2: verdict: found inside; "
        "allowed: inside 50 or inside 90 or never only or outside or no answer or tests nothing",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "columns: found nothing"),
        (b"claim,outcome\n", "columns: found no reason; allowed: claim, outcome, reason, in this"),
        (b"claim,outcome,why\n", "columns: found no reason and unknown why; allowed: claim, "),
        (b"# Prose\n", "columns: found # Prose; allowed: claim, outcome, reason, in this order"),
        (b"outcome,claim,reason\n", "columns: found outcome, claim, reason; allowed: claim, "),
        (b"claim,outcome,reason\na,b\n", "line 2: found 2 cells; allowed: 3 cells"),
        (b"claim,outcome,reason\n\xff,b,c\n", "allowed: a CSV file"),
        (None, "file: found no such file; allowed: a table of a finished run"),
    ],
)
def test_what_is_no_such_table(tmp_path, content, message):
    path = tmp_path / "unanswered.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_unanswered(path)
    assert message in str(caught.value)

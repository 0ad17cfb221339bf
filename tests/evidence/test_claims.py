import math
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from sandtable.calendar import Calendar
from sandtable.errors import InputError, Problem, QuantityError
from sandtable.evidence import Claim, load_claims
from sandtable.evidence.claims import COLUMNS, read_claims
from sandtable.evidence.tables import Bound
from sandtable.outcomes import FORMS, describe

ZONE = timezone(timedelta(hours=9))
H_HOUR = datetime(1945, 8, 9, 1, 0, tzinfo=ZONE)
HOUR = 1 / 24
TIME = Calendar(H_HOUR, 20.0)


def claim(outcome: str, low: Bound, high: Bound, unit: str) -> Claim:
    return Claim("x", "manchuria-1945", outcome, low, high, unit, "who", "source", None, "")


def test_claims_of_a_campaign(register: Path) -> None:
    claims = load_claims(register, "lake-khasan-1938")
    assert [claim.id for claim in claims] == [
        "bn-height-taken",
        "st-ussr-losses",
        "st-ussr-tanks-by-guns",
    ]
    assert claims[0].low is None
    assert claims[0].high == datetime(1938, 8, 10)
    assert claims[0].printed == ("", "1938-08-09")
    assert (claims[1].low, claims[1].high, claims[1].claimant) == (3000.0, 4000.0, "Staff study")


def test_a_bad_file_raises_every_problem(register: Path, invalid: Path) -> None:
    bad = (invalid / "outcomes" / "no-claimant.csv").read_text()
    (register / "outcomes" / "lake-khasan-1938.csv").write_text(bad.replace("staff-study", ""))
    with pytest.raises(InputError) as caught:
        load_claims(register, "lake-khasan-1938")
    assert [p.key for p in caught.value.problems] == ["st-l.claimant", "st-l.source"]


@pytest.mark.parametrize(
    ("outcome", "low", "high", "unit", "expected"),
    [
        ("losses/ussr/tanks/by/artillery", 15.0, 20.0, "percent", (0.15, 0.2, "share")),
        ("advance/5-army/1", 12.0, 28.0, "mile", (19.312128, 45.061632, "km")),
        ("losses/japan/personnel/killed", 21389.0, 21389.0, "person", (21389, 21389, "person")),
        ("losses/ussr/tanks", 300.0, None, "tank", (300, math.inf, "tank")),
        ("halted/6-guards-tank-army/fuel", 36.0, 48.0, "hour", (1.5, 2.0, "day")),
        ("halted/6-guards-tank-army/fuel", 2.0, 2.0, "day", (2.0, 2.0, "day")),
        # Day 8 of an attack on the 9th is the 16th, from its start to its end.
        ("captured/linkou", 8.0, 8.0, "day", (7 - HOUR, 8 - HOUR, "day")),
        ("captured/linkou", None, 8.0, "day", (-math.inf, 8 - HOUR, "day")),
        ("captured/linkou", 48.0, 60.0, "hour", (2.0, 2.5, "day")),
    ],
)
def test_intervals_of_numbers(
    outcome: str, low: Bound, high: Bound, unit: str, expected: tuple[float, float, str]
) -> None:
    lower, upper, reckoned = claim(outcome, low, high, unit).interval(TIME)
    assert (lower, upper) == pytest.approx(expected[:2], rel=1e-12)
    assert reckoned == expected[2]


def test_dates_are_local_where_the_text_gives_no_zone() -> None:
    day = claim("captured/mukden", datetime(1945, 8, 16), datetime(1945, 8, 17), "date")
    assert day.interval(TIME) == (pytest.approx(7 - HOUR), pytest.approx(8 - HOUR), "day")
    minute = datetime(1945, 8, 8, 16, tzinfo=UTC)
    assert claim("captured/mukden", minute, minute, "date").interval(TIME) == (0, 0, "day")
    before = claim("captured/mukden", None, datetime(1945, 8, 9, 1), "date")
    assert before.interval(TIME) == (-math.inf, 0.0, "day")


def test_a_zone_without_one_in_h_hour() -> None:
    minute = datetime(1945, 8, 8, 16, tzinfo=UTC)
    with pytest.raises(QuantityError):
        claim("captured/mukden", minute, minute, "date").interval(
            Calendar(H_HOUR.replace(tzinfo=None), 20.0)
        )


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("captured/mutanchiang", "day"),
        ("advance/6-guards-tank-army/5", "km"),
        ("losses/ussr/personnel/killed", "person"),
        ("losses/1-far-eastern-front/personnel/total", "person"),
        ("losses/80-independent-mixed-brigade/personnel/captured", "person"),
        ("losses/ussr/tanks", "tank"),
        ("losses/japan/tanks/disabled", "tank"),
        ("losses/japan/armoured-cars", "armoured-car"),
        ("losses/ussr/tanks/by/anti-tank-guns", "share"),
        ("battle/mutanchiang/ussr/personnel", "person"),
        ("encircled/107-division", "day"),
        ("surrendered/80-independent-mixed-brigade", "day"),
        ("halted/6-guards-tank-army/fuel", "day"),
        ("quit/neighbour-gone", "share"),
    ],
)
def test_names_of_outcomes(name: str, unit: str) -> None:
    assert describe(name)[0] == unit


@pytest.mark.parametrize(
    "name",
    ["", "captured", "captured/", "captured/Mukden", "captured/mukden/x", "advance/5-army",
     "advance/5-army/0", "advance/5-army/x", "losses/1 Front/tanks",
     "losses/ussr/personnel", "losses/ussr/personnel/dead", "losses/ussr/tanks/by/mines",
     "battle/mutanchiang/Soviets/tanks", "halted/5-army", "quit/fear", "took/mukden"],
)  # fmt: skip
def test_other_names(name: str) -> None:
    assert describe(name) == ("", "")


def test_every_outcome_is_reckoned_in_a_unit_that_converts_to_itself() -> None:
    for form in FORMS:
        assert claim(form.pattern, 1.0, 1.0, form.unit).interval(TIME)[2] == form.unit


def test_claims_name_the_listed_outcomes_and_no_others(tmp_path: Path) -> None:
    """In the unit of the form, with any ids."""
    listed = {
        re.sub("<day>", "3", text).replace("<", "some-").replace(">", ""): form.unit
        for form in FORMS
        for text in form.spelled_out
    }
    slips = {f"{name}-s": unit for name, unit in listed.items() if not name.endswith("some")}
    slips = {name: unit for name, unit in slips.items() if describe(name) == ("", "")}
    assert len(slips) > 30

    def read(named: dict[str, str]) -> tuple[list[Claim], list[Problem]]:
        rows = [
            f"c-{i},made-up,{name},0,1,{unit},Chronicler,book,,"
            for i, (name, unit) in enumerate(named.items())
        ]
        (tmp_path / "made-up.csv").write_text("\n".join([",".join(COLUMNS), *rows]))
        return read_claims(tmp_path / "made-up.csv")

    claims, problems = read(listed)
    assert problems == []
    assert {claim.outcome: claim.interval(TIME)[2] for claim in claims} == listed
    claims, problems = read(slips)
    assert claims == []
    meant = [name[:-2].replace("axis/3", "axis/<day>") for name in slips]
    assert [problem.nearest for problem in problems] == meant

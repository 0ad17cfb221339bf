from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy import stats

from printed import check_printed
from sandtable.battles.predictions import Predictions
from sandtable.figures.battle_calibration import bins, calibration
from sandtable.figures.battle_errors import ERAS, error_by_era
from sandtable.figures.battle_scores import Mark, ScoreDot, scores
from sandtable.figures.battle_series import (
    LOGARITHMIC,
    binomial_band,
    looks,
    mean_interval,
    rms_interval,
    wilson,
)
from sandtable.figures.battles import predicted_against_recorded

CV, WAR = "cross-validation", "leave one war out"
STEPS = np.array([-1.645, -0.674, 0.0, 0.674, 1.645])


def made(
    quantity: str,
    recorded: Any,
    quantiles: Any,
    *,
    law: str = "linear",
    scheme: str = CV,
    years: Any = None,
) -> Predictions:
    values = np.asarray(recorded, dtype=float)
    dates = np.full(len(values), 1942.0) if years is None else np.asarray(years, dtype=float)
    points = np.asarray(quantiles, dtype=float)
    return Predictions(quantity, law, scheme, values, points, dates, np.full(len(values), ""))


def many(quantity: str, law: str = "linear", scheme: str = CV, seed: int = 1) -> Predictions:
    """270 battles spread as widely as the table's; a seventh of the advances is none."""
    rng = np.random.default_rng(seed)
    years = rng.choice([1914, 1918, 1920, 1943, 1944, 1950, 1967, 1973], 270)
    if quantity == "attacker wins":
        chance = rng.uniform(size=270)
        won = (rng.uniform(size=270) < chance).astype(float)
        return made(quantity, won, chance[:, None], law=law, scheme=scheme, years=years)
    middle, sd = (7.0, 2.2) if "casualties" in quantity else (1.2, 1.6)
    logs = np.clip(rng.normal(middle, sd, 270), middle - 2.2 * sd, middle + 3.2 * sd)
    recorded = np.exp(logs)
    if quantity == "advance":
        recorded[rng.uniform(size=270) < 1 / 7] *= -1.0
    points = np.exp((logs + rng.normal(0, 0.9, 270))[:, None] + 0.9 * STEPS)
    return made(quantity, recorded, points, law=law, scheme=scheme, years=years)


def everything(laws: int = 5) -> list[Predictions]:
    names = ("constant rate", "square law", "free exponents", "with fatigue", "ridge")[:laws]
    kinds = (*LOGARITHMIC, "attacker wins")
    return [many(kind, law, seed=n) for n, law in enumerate(names) for kind in kinds]


def titles(figure: Figure) -> list[str]:
    return [axes.get_title(loc="left") for axes in figure.axes]


def panel(figure: Figure, title: str) -> Any:
    return next(axes for axes in figure.axes if axes.get_title(loc="left").startswith(title))


PAGES = {
    "points": lambda: predicted_against_recorded([many(kind) for kind in LOGARITHMIC]),
    "one law": lambda: calibration(everything(1)),
    "five laws": lambda: calibration(everything()),
    "eras": lambda: error_by_era(everything()),
    "two schemes": lambda: error_by_era(
        [
            many(kind, law, scheme)
            for kind in LOGARITHMIC
            for law in ("a", "b")
            for scheme in (CV, WAR)
        ]
    ),
    "scores": lambda: scores(
        [ScoreDot(f"law {n}", kind, 0.9, 0.1) for n in range(9) for kind in LOGARITHMIC],
        scheme=CV,
        battles=dict.fromkeys(LOGARITHMIC, 272),
        marks=[Mark("a plain regression of battles since 1937", "advance", 0.97)],
    ),
}


@pytest.mark.verify
@pytest.mark.parametrize("name", list(PAGES))
def test_pages_are_legible_on_paper(name: str, style: None) -> None:
    check_printed(PAGES[name](), name)


@pytest.mark.verify
@pytest.mark.parametrize("name", list(PAGES))
def test_each_page_names_its_source_scheme_and_panels(name: str, style: None) -> None:
    figure = PAGES[name]()
    source = (
        "CDB90 battle data base, U.S. Army Concepts Analysis Agency, corrected edition of J. Arnold"
    )
    assert source in " ".join(figure.texts[-1].get_text().split())
    assert CV in figure.texts[0].get_text()
    for heading in ("Attacker casualties", "Defender casualties", "Advance"):
        assert any(title.startswith(heading) for title in titles(figure))
    for axes in figure.axes:
        assert axes.get_xlabel() and (axes.get_ylabel() or name == "scores")


# Recorded inside the middle 50, inside the middle 90 only, outside, no advance, driven back,
# predicted standing still, unknown.
RECORDED = [10.0, 19.0, 100.0, 0.0, -3.0, 0.5, np.nan]
POINTS = [[4, 8, 10, 12, 20]] * 3 + [[-9, -2, 1, 2, 5]] * 2 + [[-2, -1, 0, 1, 2], [1, 2, 3, 4, 5]]


def test_points_and_bars_stand_at_record_and_prediction(style: None) -> None:
    p = made("advance", RECORDED, POINTS)
    axes = panel(predicted_against_recorded([p]), "Advance, law: linear")
    line, hits, misses = axes.lines
    assert list(line.get_xdata()) == list(line.get_ydata())
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_xlim() == axes.get_ylim() == tuple(line.get_xdata())
    assert (hits.get_xdata().tolist(), hits.get_ydata().tolist()) == ([10.0, 19.0], [10.0, 10.0])
    assert (misses.get_xdata().tolist(), misses.get_ydata().tolist()) == ([100.0], [10.0])
    assert hits.get_marker() != misses.get_marker()
    assert hits.get_color() != misses.get_color()
    wide, narrow = (c.get_segments() for c in axes.collections[:2])
    assert wide[1].tolist() == [[19.0, 4.0], [19.0, 20.0]]
    assert narrow[1].tolist() == [[19.0, 8.0], [19.0, 12.0]]
    thin, thick = (c.get_linewidth()[0] for c in axes.collections[:2])
    assert thin < thick


def test_what_has_no_logarithm_is_counted_where_it_is_left_out(style: None) -> None:
    axes = panel(predicted_against_recorded([made("advance", RECORDED, POINTS)]), "Advance")
    (text,) = axes.texts
    fit, left_out = text.get_text().splitlines()[:4], text.get_text().splitlines()[4:]
    assert left_out == ["not drawn:", "1 unknown", "2 recorded ≤ 0", "1 predicted ≤ 0"]
    # Of the six known, three lie in the middle 50 and five in the middle 90; drawn or not.
    error = np.sqrt(np.mean(np.log([1.0, 1.9, 10.0]) ** 2))
    assert fit == [
        "6 battles",
        "inside middle 50: 50 percent",
        "inside middle 90: 83 percent",
        f"rms error of ln: {error:.2f} (3 battles)",
    ]


def test_battles_without_a_record_are_counted_too(style: None) -> None:
    others = {"unknown": 3, "no ground gained": 7}
    p = replace(made("advance", RECORDED, POINTS), unrecorded=others)
    axes = panel(predicted_against_recorded([p]), "Advance")
    counts = ["4 unknown", "2 recorded ≤ 0", "1 predicted ≤ 0", "7 no ground gained"]
    assert axes.texts[0].get_text().splitlines()[4:] == ["not drawn:", *counts]
    each = error_by_era([p]).axes[0]
    told = "7 no ground gained, 1 predicted ≤ 0, 2 recorded ≤ 0, 4 unknown"
    assert each.texts[-1].get_text() == f"not drawn: {told}"
    said = " ".join(calibration([p]).texts[-1].get_text().split())
    assert said.endswith("Left out, advance: 3 unknown, 7 no ground gained.")


@pytest.mark.parametrize(
    ("recorded", "labels"),
    [
        ([30.0, 40.0], ["20", "50", "100"]),
        ([3.0, 4e6], ["10", "1,000", "100,000", "10⁷"]),
        ([3.0, 4e11], ["10", "10,000", "10⁷", "10¹⁰"]),
    ],
)
def test_scales_have_ticks_enough_and_not_too_many(
    recorded: list[float], labels: list[str], style: None
) -> None:
    points = np.array(recorded)[:, None] * [0.8, 0.9, 1.0, 1.2, 2.0]
    (axes,) = predicted_against_recorded([made("advance", recorded, points)]).axes
    assert [label.get_text() for label in axes.get_xticklabels()] == labels


def test_a_panel_that_draws_every_battle_says_nothing_of_others(style: None) -> None:
    axes = panel(predicted_against_recorded([many("attacker casualties")]), "Attacker")
    assert "not drawn" not in axes.texts[0].get_text()


def test_every_mark_is_in_sight_and_a_bar_to_nought_runs_out(style: None) -> None:
    points = [[0, 2, 10, 12, 1e9], [1e-9, 9, 10, 12, 20]]
    axes = panel(
        predicted_against_recorded([made("attacker casualties", [10, 20], points)]), "Attacker"
    )
    low, high = axes.get_xlim()
    assert 0.1 < low < 10.0 and 20.0 < high < 1000.0
    assert axes.collections[0].get_segments()[0][0, 1] < low


def test_law_and_scheme_are_named_and_only_one_is_taken(style: None) -> None:
    one, other = many("advance", "a"), many("advance", "b")
    figure = predicted_against_recorded([many("attacker casualties", "c"), one])
    assert titles(figure) == ["Attacker casualties, law: c", "Advance, law: a"]
    with pytest.raises(ValueError, match="one law a quantity"):
        predicted_against_recorded([one, other])
    with pytest.raises(ValueError, match="one scheme"):
        predicted_against_recorded([one, many("attacker casualties", scheme=WAR)])


P = made("advance", [1.0, 2.0], [[1, 2, 3, 4, 5]] * 2)
W = made("attacker wins", [1.0, 0.0], [[0.5], [0.6]])
BAD = [
    ([], "no predictions of"),
    ([replace(P, quantity="advanse")], "advanse, linear.*nearest: advance"),
    ([P, P], "given 2 times"),
    ([P, replace(P, scheme=WAR), replace(P, scheme="other")], "at most two"),
    ([replace(P, quantiles=P.quantiles[:, :1])], r"quantiles has shape \(2, 1\)"),
    ([replace(P, years=P.years[:1])], r"years has shape \(1,\)"),
    ([replace(P, quantiles=P.quantiles[:, ::-1])], "must not fall"),
    ([replace(P, recorded=np.full(2, np.nan))], "no battle has both"),
    ([replace(W, recorded=np.array([0.5, 1.0]))], "must be 1 or 0"),
    ([replace(W, quantiles=np.array([[1.2], [0.1]]))], "must lie in 0 to 1"),
    ([P, P, replace(W, quantity="x")], "x, linear.*given 2 times"),
]


@pytest.mark.parametrize(("given", "message"), BAD)
def test_predictions_that_contradict_themselves_are_refused(
    given: list[Predictions], message: str, style: None
) -> None:
    with pytest.raises(ValueError, match=message):
        calibration(given)


def test_calibration_counts_records_below_each_quantile_and_inside(style: None) -> None:
    recorded = [0.5, 1.5, 2.5, 2.6, 3.5, 4.5, 9.0, np.nan]
    p = made("defender casualties", recorded, [[1, 2, 3, 4, 5]] * 8)
    figure = calibration([p])
    upper, lower = figure.axes
    assert upper.get_title(loc="left") == "Defender casualties"
    assert upper.texts[0].get_text() == "7 battles"
    drawn = next(line for line in upper.lines if line.get_marker() == "o")
    assert tuple(drawn.get_xdata()) == (0.05, 0.25, 0.5, 0.75, 0.95)
    assert drawn.get_ydata() == pytest.approx(np.array([1, 2, 4, 5, 6]) / 7)
    (marks,) = lower.lines
    assert marks.get_ydata() == pytest.approx(np.array([3, 5]) / 7)
    nominal = lower.collections[0].get_segments()
    assert [line[0, 1] for line in nominal] == [0.5, 0.9]


def test_the_band_is_that_of_the_binomial_distribution(style: None) -> None:
    nominal = np.array([0.0, 0.05, 0.5, 0.9, 1.0])
    for trials in (7, 270):
        wanted = stats.binom.ppf([[0.025], [0.975]], trials, nominal).clip(0) / trials
        assert binomial_band(nominal, trials) == pytest.approx(wanted)
    lower = calibration([many("advance")]).axes[1]
    for bar, share in zip(lower.patches, (0.5, 0.9), strict=True):
        ends = stats.binom.ppf([0.025, 0.975], 270, share) / 270
        assert [bar.get_y(), bar.get_y() + bar.get_height()] == pytest.approx(ends)


def test_the_band_is_that_of_the_law_with_fewest_battles(style: None) -> None:
    few = many("advance", "few")
    few = replace(few, recorded=np.where(np.arange(270) < 200, np.nan, few.recorded))
    figure = calibration([many("advance"), few])
    bar = figure.axes[1].patches[1]
    assert bar.get_y() == pytest.approx(stats.binom.ppf(0.025, 70, 0.9) / 70)
    assert figure.axes[0].texts[0].get_text() == "70 to 270 battles"


def test_wins_are_sorted_into_bins_of_probability(style: None) -> None:
    chance = [0.05, 0.15, 0.2, 0.95, 1.0, 0.99, 0.5]
    won = [0, 1, 0, 1, 1, 0, np.nan]
    p = made("attacker wins", won, np.array(chance)[:, None])
    rows = bins(p)
    assert [row[1:] for row in rows] == [(1, 2), (0, 1), (0, 0), (0, 0), (2, 3)]
    assert [rows[0][0], rows[4][0]] == pytest.approx([0.1, 0.98])
    upper, lower = calibration([p]).axes
    marks = upper.lines[-1]
    assert marks.get_xdata() == pytest.approx([0.1, 0.2, 0.98])
    assert marks.get_ydata() == pytest.approx([0.5, 0.0, 2 / 3])
    assert [bar.get_height() for bar in lower.patches] == [2, 1, 0, 0, 3]
    for line, (k, n) in zip(
        upper.collections[0].get_segments(), [(1, 2), (0, 1), (2, 3)], strict=True
    ):
        assert line[:, 1] == pytest.approx(list(wilson(k, n)))


@pytest.mark.parametrize(("won", "of"), [(0, 1), (3, 7), (9, 9), (150, 270)])
def test_interval_of_a_share_is_wilsons(won: int, of: int) -> None:
    wanted = stats.binomtest(won, of).proportion_ci(0.95, method="wilson")
    assert wilson(won, of) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_intervals_of_mean_and_rms_are_students() -> None:
    values = np.array([0.3, -0.8, 1.1, 0.2, -2.0, 0.9])
    for found, sample in ((mean_interval(values), values), (rms_interval(values), values**2)):
        wanted = np.array(stats.t.interval(0.95, 5, sample.mean(), stats.sem(sample)))
        if sample is not values:
            wanted = np.sqrt(wanted.clip(0.0))
        assert found == pytest.approx(tuple(wanted))


YEARS = [1914, 1918, 1918, 1918, 1918, 1919, 1936, 1937, 1945, 1946, 1959, 1960, 1982, 1905, np.nan]


def test_errors_are_summed_up_by_era(style: None) -> None:
    errors = np.linspace(-1.0, 2.0, len(YEARS))
    recorded = np.append(100.0 * np.exp(errors), -1.0)
    points = [[50, 80, 100, 120, 200]] * len(recorded)
    figure = error_by_era([made("advance", recorded, points, years=[*YEARS, 1942])])
    each, mean, square = figure.axes
    eras = [errors[:5], errors[5:7], errors[7:9], errors[9:11], errors[11:13]]
    assert mean.lines[0].get_ydata() == pytest.approx([e.mean() for e in eras])
    assert square.lines[0].get_ydata() == pytest.approx([np.sqrt((e**2).mean()) for e in eras])
    # Five battles have an interval, two have none.
    (bar,) = mean.collections[0].get_segments()
    assert bar[:, 1] == pytest.approx(list(mean_interval(eras[0])))
    (bar,) = square.collections[0].get_segments()
    assert bar[:, 1] == pytest.approx(list(rms_interval(eras[0])))
    for line, values in zip(each.lines, eras, strict=False):
        assert line.get_ydata() == pytest.approx(values)
    names = [label.get_text() for label in each.get_xticklabels()]
    assert names == [
        "1914\n–18\n5", "1919\n–36\n2", "1937\n–45\n2", "1946\n–59\n2", "since\n1960\n2",
    ]  # fmt: skip
    told = "not drawn: 1 recorded ≤ 0, 2 undated or before 1914"
    assert each.texts[-1].get_text() == told


def test_laws_stand_side_by_side_and_years_run_on_within_an_era(style: None) -> None:
    group = [many("advance", law, seed=n) for n, law in enumerate("abc")]
    each, mean, _ = error_by_era(group).axes
    marks = [line.get_xdata() for line in mean.lines[:3]]
    assert all((np.floor(x) == np.arange(len(ERAS))).all() for x in marks)
    strips = [np.concatenate([x[:1] for x in marks])]
    assert (np.diff(strips[0]) > 0.2).all()
    points = [line.get_xdata() for line in each.lines[: 3 * len(ERAS)]]
    for number, x in enumerate(points):
        law, era = divmod(number, len(ERAS))
        assert np.abs(x - marks[law][era]).max() < 0.5 / 3
    first = points[0]
    own = group[0].years[(group[0].recorded > 0) & (group[0].years <= 1918)]
    assert (np.diff(first[np.argsort(own, kind="stable")]) >= 0.0).all()
    assert np.ptp(first) > 0.1


def test_an_undated_sample_draws_no_era(style: None) -> None:
    figure = error_by_era([replace(P, years=np.full(2, np.nan))])
    assert "2 undated" in figure.axes[0].texts[-1].get_text()
    assert len(figure.axes[1].lines[0].get_xdata()) == 0


def test_no_two_laws_or_schemes_look_alike() -> None:
    group = [replace(P, law=f"law {n}", scheme=scheme) for n in range(20) for scheme in (CV, WAR)]
    drawn = {(look.colour, look.marker, look.hollow) for look in looks(group).values()}
    assert len(drawn) == 40
    # Up to seven laws, as many colours and as many shapes: either alone tells them apart.
    for part in ("colour", "marker"):
        assert len({getattr(look, part) for look in looks(group[:14]).values()}) == 7


def test_a_long_name_of_a_law_keeps_its_scheme_and_the_legend_on_the_page(style: None) -> None:
    laws = [f"{n} free exponents with everything that is known beforehand" for n in range(5)]
    figure = error_by_era(
        [replace(P, law=law, scheme=scheme) for law in laws for scheme in (CV, WAR)]
    )
    assert len({text.get_text() for text in figure.legends[0].get_texts()}) == 11
    check_printed(figure)


def test_marks_at_the_edge_are_drawn_whole(style: None) -> None:
    for axes in calibration([many("advance"), many("attacker wins")]).axes[:3]:
        assert not any(line.get_clip_on() for line in axes.lines if line.get_marker() == "o")


def test_legend_tells_schemes_only_where_there_are_two(style: None) -> None:
    def entries(figure: Figure) -> list[str]:
        return [text.get_text() for text in figure.legends[0].get_texts()]

    assert "a" in entries(error_by_era([replace(P, law="a")]))
    both = entries(error_by_era([replace(P, law="a"), replace(P, law="a", scheme=WAR)]))
    assert both[:2] == [f"a, {CV}", f"a, {WAR}"]


def test_marks_stand_in_the_order_of_the_legend(style: None) -> None:
    given = [replace(P, law="a"), replace(P, law="b"), replace(P, law="a", scheme=WAR)]
    figure = error_by_era(given)
    names = [text.get_text() for text in figure.legends[0].get_texts()][:3]
    assert names == [f"a, {CV}", f"a, {WAR}", f"b, {CV}"]
    marks = [(line.get_color(), line.get_markerfacecolor()) for line in figure.axes[1].lines[:3]]
    drawn = list(looks(given).values())
    assert marks == [(o.colour, "white" if o.hollow else o.colour) for o in drawn]
    assert np.all(np.diff([line.get_xdata()[0] for line in figure.axes[1].lines[:3]]) > 0.0)


TABLE = [
    ScoreDot("rate", "attacker casualties", 1.07, 0.05),
    ScoreDot("ridge", "attacker casualties", 0.86, np.nan),
    ScoreDot("ridge", "advance", 0.97, 0.04),
    ScoreDot("ridge", "attacker wins", 0.4, 0.01),
]
BATTLES = {"attacker casualties": 191, "advance": 150, "attacker wins": 190}


def test_scores_stand_at_their_values_and_marks_below_them(style: None) -> None:
    marks = [Mark("elsewhere", "advance", 1.61)]
    figure = scores(TABLE, scheme=CV, battles=BATTLES, marks=marks)
    assert titles(figure) == ["Attacker casualties", "Advance", "Attacker wins"]
    casualties, advance, wins = figure.axes
    assert [label.get_text() for label in casualties.get_yticklabels()] == [
        "rate", "ridge", "elsewhere",
    ]  # fmt: skip
    dots = casualties.lines[0]
    assert (list(dots.get_xdata()), list(dots.get_ydata())) == ([1.07, 0.86], [0, 1])
    bars = casualties.collections[0].get_segments()
    assert bars[0].tolist() == [[1.02, 0], [1.12, 0]]
    assert np.ptp(bars[1][:, 0]) == 0.0
    diamond = advance.lines[1]
    assert (list(diamond.get_xdata()), list(diamond.get_ydata())) == ([1.61], [2])
    # One scale for all logarithms, another for a probability.
    assert casualties.get_xlim() == advance.get_xlim() != wins.get_xlim()
    assert advance.get_xlim()[1] > 1.61
    labels = [" ".join(axes.get_xlabel().split()) for axes in (casualties, wins)]
    assert labels == [
        "rms error of the logarithm (191 battles)", "rms error of the probability (190 battles)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no scores"),
        ([*TABLE, TABLE[0]], "attacker casualties, rate: scored 2 times"),
        ([TABLE[0]._replace(quantity="advanc")], "advanc: no such quantity; nearest: advance"),
        ([TABLE[0]._replace(quantity="defender casualties")], "number of battles missing"),
        ([TABLE[0]._replace(value=np.nan)], "error nan, must be 0 or more"),
        ([TABLE[0]._replace(value=np.inf)], "error inf, must be 0 or more"),
        ([TABLE[0]._replace(error=-0.1)], "standard error -0.1, must be 0 or more"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused(rows: list[ScoreDot], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scores(rows, scheme=CV, battles=BATTLES)

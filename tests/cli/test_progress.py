"""The bar: its Monte Carlo error is that of the whole ensemble, however it was cut into parts."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sandtable.cli.progress import ReplicationsDone, RunningMeans
from sandtable.ensemble import Part
from sandtable.ensemble.replications import Failure
from sandtable.ensemble.stopping import relative_errors
from sandtable.studies.sensitivity.uncertain_inputs import InputPart


def part(outcomes: np.ndarray, failures: tuple[Failure, ...] = ()) -> Part:
    return Part(0, outcomes, np.zeros((len(outcomes), 2, 1), np.float32), 0, failures=failures)


def ensemble() -> np.ndarray:
    drawn = np.random.default_rng(5).normal([1e6, 3.0, 7.0], [1e3, 2.0, 1.0], (400, 3))
    drawn[::3, 1] = np.nan
    return drawn


@pytest.mark.parametrize("cuts", [[], [1], [1, 2, 3], list(range(25, 400, 25))])
def test_errors_are_those_of_all_rows_at_once(cuts: list[int]) -> None:
    rows, means = ensemble(), RunningMeans(3)
    for piece in np.split(rows, cuts):
        means.add(piece)
    whole = [rows[np.isfinite(rows[:, k]), k] for k in range(3)]
    expected = [v.std(ddof=1) / math.sqrt(v.size) / v.mean() for v in whole]
    assert means.relative_errors() == pytest.approx(expected, rel=1e-9)


def test_the_rule_of_what_hardly_ever_comes_about_is_that_of_until_error() -> None:
    rows = np.zeros((100, 4))
    rows[:5, 0] = np.arange(1.0, 6.0)
    rows[:4, 1] = rows[:1, 2] = 7.0
    rows[:, 3] = np.nan
    means = RunningMeans(4)
    means.add(rows)
    found = dict(zip("abcd", means.relative_errors(), strict=True))
    errors, left_out = relative_errors("abcd", rows)
    assert {name: value for name, value in found.items() if value >= 0} == pytest.approx(errors)
    assert (
        tuple(name for name, value in found.items() if math.isnan(value))
        == left_out
        == (
            "b",
            "c",
            "d",
        )
    )


def test_the_largest_error_is_told_with_its_name_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = ensemble()
    largest = np.nanstd(rows[:, 1], ddof=1) / math.sqrt(np.isfinite(rows[:, 1]).sum())
    told = f"error {100 * largest / np.nanmean(rows[:, 1]):.1f} %"
    for width, name in ((200, " of captured/hailar"), (80, "")):
        monkeypatch.setenv("COLUMNS", str(width))
        shown = ReplicationsDone(400, True, ("losses/ussr/tanks", "captured/hailar"), (2, 1))
        assert shown.told() == ""
        shown.add(part(rows))
        assert shown.told() == told + name


def test_failures_are_counted_and_have_no_part_in_the_error() -> None:
    rows = ensemble()[:, :1]
    spoilt = rows.copy()
    spoilt[7] = 1e9
    shown = ReplicationsDone(400, True, ("a",), (0,))
    shown.add(part(spoilt, (Failure(7, 1, "ValueError: no"),)))
    rest = np.delete(rows, 7)
    error = rest.std(ddof=1) / math.sqrt(rest.size) / rest.mean()
    assert shown.told().startswith(f"error {100 * error:.1f} %")
    assert shown.told().endswith(", 1 failed")


def test_what_was_found_done_is_taken_off(capsys: pytest.CaptureFixture[str]) -> None:
    with ReplicationsDone(1000, False, counted="runs") as shown:
        shown.resumed(450)
        shown.resumed(150)
        shown.add(InputPart(600, ensemble(), (Failure(607, 1, "ValueError: no"),)))
    printed = capsys.readouterr().err
    assert "runs" in printed and "400/400" in printed
    assert printed.rstrip().endswith("1 failed")


def test_quiet_shows_nothing_and_otherwise_the_bar_ends_full(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for quiet in (True, False):
        with ReplicationsDone(400, quiet, ("a",), (0,)) as shown:
            shown.add(part(ensemble()))
        printed = capsys.readouterr()
        assert printed.out == ""
        assert (printed.err == "") == quiet
    assert "400/400" in printed.err
    assert "error" in printed.err

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.calendar import Calendar
from sandtable.figures.sheet import Sheet
from sandtable.figures.style import date_axis, draw_bands, quantiles, spread

TOKYO = timezone(timedelta(hours=9))


def test_quantiles_agree_with_ranks_and_leave_out_nan() -> None:
    samples = np.stack([np.arange(101.0), np.full(101, np.nan)], axis=1)
    samples[0, 0] = np.nan
    points = quantiles(samples)
    assert points[:, 0] == pytest.approx([5.95, 25.75, 50.5, 75.25, 95.05])
    assert np.isnan(points[:, 1]).all()


def test_bands_draw_the_median_as_a_line_between_two_bands(style: None) -> None:
    axes = Sheet("").figure(4.0).add_axes((0.1, 0.1, 0.8, 0.8))
    points = np.arange(5.0)[:, None] + np.array([0.0, 10.0])
    assert draw_bands(axes, np.array([0.0, 1.0]), points, "red") is axes
    assert axes.lines[0].get_ydata().tolist() == [2.0, 12.0]
    outer, inner = (band.get_paths()[0].vertices[:, 1] for band in axes.collections)
    assert (outer.min(), outer.max(), inner.min(), inner.max()) == (0.0, 14.0, 1.0, 13.0)


def test_date_ticks_stand_at_midnights_of_local_time(style: None) -> None:
    axes = Sheet("").figure(4.0).add_axes((0.1, 0.1, 0.8, 0.8))
    date_axis(axes, Calendar(datetime(1945, 8, 9, 18, tzinfo=TOKYO), 3.0), 0.0, 3.0)
    assert axes.get_xticks().tolist() == pytest.approx([0.25, 1.25, 2.25])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["10 Aug", "11 Aug", "12 Aug"]


def test_date_ticks_name_the_day_of_a_midnight_h_hour(style: None) -> None:
    axes = Sheet("").figure(4.0).add_axes((0.1, 0.1, 0.8, 0.8))
    date_axis(axes, Calendar(datetime(1945, 8, 9, tzinfo=TOKYO), 1.0), 0.0, 1.0)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["9 Aug", "10 Aug"]


def test_spread_moves_no_more_than_it_must() -> None:
    # Two that clash part evenly; a third far away stays where it is.
    sizes = [2.0, 2.0, 2.0]
    assert spread([2.0, 2.0, 8.0], sizes, 0.0, 10.0) == pytest.approx([1.0, 3.0, 8.0])
    # A label three times as high takes its room; nothing leaves the range.
    assert spread([0.0, 0.0], [6.0, 2.0], 0.0, 10.0) == pytest.approx([3.0, 7.0])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 0.2)), min_size=1, max_size=12))
def test_spread_keeps_order_room_and_distance(labels: list[tuple[float, float]]) -> None:
    wanted, sizes = zip(*sorted(labels), strict=True)
    found = spread(wanted, sizes, 0.0, 1.0)
    shrink = min(1.0, 1.0 / sum(sizes))
    for (one, a), (two, b) in pairwise(zip(found, sizes, strict=True)):
        assert two - one >= shrink * (a + b) / 2 - 1e-9
    assert found[0] >= shrink * sizes[0] / 2 - 1e-9
    assert found[-1] <= 1.0 - shrink * sizes[-1] / 2 + 1e-9

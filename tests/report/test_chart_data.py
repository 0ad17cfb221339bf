from __future__ import annotations

import base64
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.campaign import CampaignRun
from sandtable.report.chart_data import NAN, counts_block, outcomes_block, packed
from sandtable.report.material import Material


def unpacked(step: float, members: str) -> list[float]:
    raw = base64.b64decode(members)
    whole = struct.unpack(f"<{len(raw) // 2}H", raw)
    return [np.nan if value == NAN else step * value for value in whole]


@given(st.lists(st.floats(0.0, 3e7) | st.just(float("nan")), min_size=1))
def test_packed_counts_come_back_within_half_a_step(counts: list[float]) -> None:
    told = packed(np.array(counts))
    most = max((count for count in counts if count == count), default=0.0)
    assert told["step"] == pytest.approx(max(1.0, most / (NAN - 1)), rel=1e-4)
    np.testing.assert_allclose(unpacked(**told), counts, rtol=0.0, atol=told["step"] * 0.5001)


def test_counts_are_the_runs_own(khasan: CampaignRun) -> None:
    block = counts_block(Material.of(khasan))
    names = [series["name"] for series in block]
    assert "strength/ussr/personnel" in names and "losses/japan/personnel/killed" in names
    assert not any(name.startswith("front/") for name in names)
    # Japan had no tanks there, and what is always 0 has no chart.
    assert "strength/japan/tanks" not in names
    for series in block:
        values = np.asarray(khasan.daily[series["name"]], dtype=np.float64)
        np.testing.assert_allclose(
            unpacked(series["step"], series["members"]), values.ravel(), rtol=0.0, atol=0.51
        )
        np.testing.assert_allclose(series["quantiles"][2], np.median(values, axis=0), atol=0.51)


def test_outcomes_are_the_headline_ones_with_never_as_none(khasan: CampaignRun) -> None:
    for told in outcomes_block(Material.of(khasan)):
        values = khasan.outcomes[told["name"]]
        assert [value is None for value in told["values"]] == np.isnan(values).tolist()
        known = [value for value in told["values"] if value is not None]
        np.testing.assert_allclose(known, values[~np.isnan(values)], rtol=6e-4)

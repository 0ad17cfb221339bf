"""The numbers of a report are those of the run's tables, read another way."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import sandtable
from report.reading import Page
from sandtable.campaign import CampaignRun
from sandtable.comparison import write_comparison
from sandtable.report import report_text

PHASE = "corps-assault"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's folder, of a campaign without phases."""
    folder = tmp_path_factory.mktemp("kept") / "run"
    sandtable.load("lake-khasan-1938", phase=PHASE).run(20, seed=2, out=folder)
    return folder


@pytest.fixture(scope="module")
def page(kept: Path) -> Page:
    return Page(report_text(sandtable.open_run(kept)))


def test_the_finding_of_one_replication_is_no_median() -> None:
    run = sandtable.load("lake-khasan-1938", phase=PHASE).run(1, seed=2)
    (told,) = (
        one.text for one in Page(report_text(run)).all("p")
        if one.attributes.get("class") == "finding"
    )  # fmt: skip
    lost = run.outcomes["losses/ussr/personnel/total"][0]
    assert told.startswith("In the one replication, ")
    assert f"Soviet Union {int(float(f'{lost:.3g}')):,} and" in told and "percent" not in told


def column(kept: Path, table: str, name: str) -> Any:
    return pq.read_table(kept / table, columns=[name])[name].to_numpy()


def test_claims_are_those_of_the_comparison(page: Page, kept: Path) -> None:
    with (kept / "comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    claims = page.data("claims")
    assert [one["claim"] for one in claims] == [row["claim"] for row in rows] != []
    for one, row in zip(claims, rows, strict=True):
        told = [row[name] for name in ("p05", "p25", "p50", "p75", "p95")]
        assert [text(value) for value in one["quantiles"]] == told
        assert one["verdict"] == row["verdict"] and one["given"] == bool(row["given"])
        assert [text(end, open_="") for end in one["range"]] == [
            row["claim_low"], row["claim_high"],
        ]  # fmt: skip


def text(value: float | str | None, open_: str = "") -> str:
    """A number as the table writes it."""
    if value is None:
        return open_
    return "inf" if value == "never" else f"{value:.6g}"


def test_captures_are_those_of_the_outcomes(page: Page, kept: Path) -> None:
    (part,) = page.data("captures")
    assert part["days"]
    for place, days in part["days"].items():
        told = np.array([np.nan if day is None else day for day in days])
        np.testing.assert_allclose(
            told, column(kept, "outcomes.parquet", f"captured/{place}"), atol=0.00501
        )


def test_fronts_are_those_of_the_daily_series(page: Page, kept: Path) -> None:
    fronts = page.data("fronts")
    assert fronts["levels"] == [5, 25, 50, 75, 95] and fronts["axes"]
    for axis, front in fronts["axes"].items():
        km = column(kept, "timeline.parquet", f"front/{axis}").reshape(20, -1).astype(float)
        half = front["step"] / 2 + 1e-3
        told = np.array(front["quantiles"]) * front["step"]
        expected = np.percentile(km, fronts["levels"], axis=0)
        np.testing.assert_allclose(told, expected, atol=half)
        for gained, own in zip(front["members"], km, strict=True):
            steps = np.cumsum(gained)
            # As they are read: held before the first and after the last.
            index = np.clip(np.arange(km.shape[1]) - front["first"], 0, len(steps) - 1)
            np.testing.assert_allclose(steps[index] * front["step"], own, atol=half)


def test_tracks_tell_strengths_to_half_a_percent(page: Page, kept: Path) -> None:
    block = page.data("replications")
    words, names = block["words"], block["track_columns"]
    run = sandtable.open_run(kept)
    for told in block["told"]:
        rows = pq.read_table(
            kept / "tracks.parquet", filters=[("replication", "=", told["number"])]
        ).to_pylist()
        assert rows
        # Of several rows at one moment the last one holds.
        for row in {(row["formation"], row["day"]): row for row in rows}.values():
            own = [dict(zip(names, one, strict=True)) for one in whole(told, row["formation"])]
            held = [one for one in own if one["day"] <= row["day"] + 1e-3][-1]
            for what in ("place", "toward", "status"):
                assert words[held[what]] == row[what]
            for what in ("personnel", "tanks"):
                assert abs(held[what] - row[what]) <= 0.005 * max(held[what], row[what]) + 1.0
            assert held["share"] == pytest.approx(row["share"], abs=0.0051)
    assert {one["number"] for one in block["told"]} == {0, *run.named.values()}


def whole(told: Any, formation: str) -> list[list[Any]]:
    """The rows of a track with all their cells."""
    found: list[list[Any]] = [[]]
    for row in told["tracks"][formation]:
        found.append(row + found[-1][len(row) :])
    return found[1:]


def test_battles_and_events_are_those_of_the_folder(page: Page, kept: Path) -> None:
    block = page.data("replications")
    words = block["words"]
    (told,) = (one for one in block["told"] if one["number"] == 0)
    events = sandtable.open_run(kept).events
    rows = [dict(zip(block["event_columns"], row, strict=True)) for row in told["events"]]
    assert [(words[row["kind"]], words[row["place"]], row["battle"]) for row in rows] == [
        (event["kind"], event["place"], event["battle"]) for event in events
    ]
    np.testing.assert_allclose(
        [row["day"] for row in rows], [event["day"] for event in events], atol=5.1e-4
    )
    table = pq.read_table(kept / "battles.parquet", filters=[("replication", "=", 0)]).to_pylist()
    battles = [dict(zip(block["battle_columns"], row, strict=True)) for row in told["battles"]]
    assert [[words[id] for id in one["attackers"]] for one in battles] == [
        row["attackers"] for row in table
    ]
    for what in ("attacker_committed", "defender_casualties"):
        np.testing.assert_allclose(
            [one[what] for one in battles], [row[what] for row in table], atol=0.5
        )


def test_the_sentence_at_the_head_is_that_of_the_outcomes(page: Page, kept: Path) -> None:
    (told,) = (one.text for one in page.all("p") if one.attributes.get("class") == "finding")
    losses = column(kept, "outcomes.parquet", "losses/ussr/personnel/total")
    low, middle, high = (int(float(f"{x:.3g}")) for x in np.percentile(losses, [5, 50, 95]))
    assert f"Soviet Union {middle:,} ({low:,}–{high:,})" in told
    objectives = [
        name for name in sandtable.open_run(kept).manifest["headline"] if name[:9] == "captured/"
    ]
    taken = [
        name
        for name in objectives
        if np.isfinite(np.sort(column(kept, "outcomes.parquet", name))[9])
    ]
    assert f"{len(taken)} of {len(objectives)} objectives" in told


def test_moments_are_those_of_the_calendar(page: Page) -> None:
    time = page.data("time")
    assert re.fullmatch(r"1938-08-0\dT\d\d:\d\d", time["h_hour"])
    assert time["moments"][0] == 0.0 and time["moments"] == sorted(time["moments"])
    assert time["moments"][-1] == pytest.approx(time["days"], abs=1e-4)


def test_a_campaign_with_phases_tells_them(khasan: CampaignRun, page_of_khasan: Path) -> None:
    page = Page(page_of_khasan.read_text(encoding="utf-8"))
    parts, captures = page.data("time")["parts"], page.data("captures")
    phases = khasan.campaign.scenario.file.phase
    assert [part["id"] for part in parts] == [phase.id for phase in phases]
    assert [part["id"] for part in captures] == [phase.id for phase in phases]
    assert all(part["attackers"] for part in parts)
    for part in captures:
        for place, days in part["days"].items():
            own = khasan.outcomes[f"phase/{part['id']}/captured/{place}"]
            assert [day is None for day in days] == np.isnan(own).tolist()


def test_an_old_table_is_not_what_is_tested(kept: Path, tmp_path: Path) -> None:
    """The comparison that is read above is that of the run, written anew."""
    write_comparison(tmp_path / "comparison.csv", sandtable.open_run(kept).compare())
    assert (tmp_path / "comparison.csv").read_bytes() == (kept / "comparison.csv").read_bytes()

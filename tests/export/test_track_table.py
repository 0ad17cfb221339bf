"""The table of tracks, read back by pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from export.conftest import Exported
from sandtable.campaign import CampaignRun
from sandtable.export.picture import Picture
from sandtable.export.track_table import COLUMNS, csv_text


def test_a_row_a_stay(exported: Exported, river_run: CampaignRun) -> None:
    table = pd.read_csv(exported("csv"), dtype={"sidc": str})
    tracks = river_run.replay(0).tracks
    assert tuple(table.columns) == COLUMNS
    assert len(table) == len(tracks)
    starts = pd.to_datetime(table["time_start"], utc=True)
    ends = pd.to_datetime(table["time_end"], utc=True)
    assert (starts <= ends).all() and (table["replication"] == 0).all()
    assert table["sidc"].str.fullmatch(r"\d{20}").all()
    h_hour = pd.Timestamp(river_run.campaign.scenario.calendar.h_hour)
    days = (starts - h_hour).dt.total_seconds() / 86400
    assert days.to_numpy() == pytest.approx(table["day"].to_numpy(), abs=2e-5)
    told = {(t.formation, round(t.day, 5)): (round(t.personnel), t.place, t.status) for t in tracks}
    for row in table.itertuples():
        assert told[row.formation, row.day] == (row.personnel, row.place, row.status)


def test_the_same_bytes_twice(exported: Exported, river_run: CampaignRun) -> None:
    assert csv_text(Picture.of(river_run, 0)).encode() == exported("csv").read_bytes()

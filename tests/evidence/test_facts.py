import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

from sandtable.errors import InputError
from sandtable.evidence import load_facts

CAMPAIGN_FILE = "lake-khasan-1938.csv"


def test_facts_by_id(register: Path) -> None:
    facts = load_facts(register)
    assert list(facts) == list(load_facts(register, "lake-khasan-1938"))
    tanks = facts["bn-ussr-tanks"]
    assert (tanks.low, tanks.high, tanks.unit) == (250.0, None, "tank")
    assert (tanks.source, tanks.line, tanks.date) == ("border-notes", 4, "1938-08-06")
    assert tanks.note == '"some" read as a least figure, not a range'
    assert tanks.printed == ("250", "")
    assert (facts["bn-height"].low, facts["bn-height"].high) == (None, None)
    assert facts["st-slope"].line is None


def test_a_day_reaches_from_start_to_end(register: Path) -> None:
    facts = load_facts(register)
    assert facts["bn-start"].low == datetime(1938, 7, 29)
    assert facts["bn-start"].high == datetime(1938, 7, 30)
    assert facts["bn-assault"].low == facts["bn-assault"].high == datetime(1938, 8, 6, 16)


def test_an_id_is_used_once_across_campaigns(register: Path) -> None:
    text = (register / "facts" / CAMPAIGN_FILE).read_text()
    other = register / "facts" / "kurils-1945.csv"
    other.write_text(text.replace("lake-khasan-1938", "kurils-1945"))
    said = rf"bn-start\.id: found the id again, first in {register}/facts/kurils-1945\.csv"
    with pytest.raises(InputError, match=said):
        load_facts(register)
    assert len(load_facts(register, "kurils-1945")) == 9


def test_no_recorded_outcome_is_opened(register: Path) -> None:
    opened: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event in ("open", "os.listdir", "os.scandir"):
            opened.append(os.fspath(arguments[0]) if isinstance(arguments[0], str) else "")

    sys.addaudithook(watch)
    load_facts(register)
    watching = False
    assert str(register / "facts" / CAMPAIGN_FILE) in opened
    assert not [path for path in opened if "outcomes" in path]

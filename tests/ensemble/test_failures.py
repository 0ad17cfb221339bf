"""What is said of replications that raised."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandtable.ensemble import Failure, ReplicationsFailed
from sandtable.ensemble.failures import refuse_failures


def test_what_is_told_of_failures() -> None:
    failures = [Failure(number, 7, "ValueError: no\nsecond line") for number in range(12, 0, -1)]
    told = str(ReplicationsFailed(failures, 400, Path("here.partial"))).splitlines()
    assert told[:2] == [
        "12 of 400 replications failed",
        "  replication 1, seed 7: ValueError: no",
    ]
    assert told[10:12] == ["  replication 10, seed 7: ValueError: no", "  and 2 more"]
    assert "here.partial" in told[12]
    assert len(str(ReplicationsFailed(failures[:1], 400)).splitlines()) == 2


@pytest.mark.parametrize(
    ("failed", "keep", "refused"),
    [(0, False, False), (1, False, True), (1, True, False), (3, True, True)],
)
def test_failures_are_refused_unless_kept_and_all_of_them_always(
    failed: int, keep: bool, refused: bool
) -> None:
    failures = [Failure(number, 1, "ValueError: no") for number in range(failed)]
    if refused:
        with pytest.raises(ReplicationsFailed):
            refuse_failures(failures, 3, None, keep=keep)
    else:
        refuse_failures(failures, 3, None, keep=keep)

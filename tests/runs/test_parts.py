"""Parts that are damaged, short, swapped or strays are worked again, and never taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fakes
from runs.test_folder import SETTINGS, Stop, contents, identity, write
from sandtable import runs
from sandtable.ensemble import Settings
from sandtable.errors import SandtableError


@pytest.fixture(autouse=True)
def _toy_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(monkeypatch)


def cut(parts: Path) -> None:
    part = parts / "part-00000025.npz"
    part.write_bytes(part.read_bytes()[:-100])


def flip(parts: Path) -> None:
    part = parts / "part-00000025.npz"
    content = bytearray(part.read_bytes())
    content[-400] ^= 1
    part.write_bytes(bytes(content))


def swap(parts: Path) -> None:
    one, other = parts / "part-00000000.npz", parts / "part-00000025.npz"
    first = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(first)


def stray(parts: Path) -> None:
    (parts / "part-00000013.npz").write_bytes((parts / "part-00000025.npz").read_bytes())


def plain(parts: Path) -> None:
    np.savez(parts / "part-00000025.npz", outcomes=np.zeros((25, 2)))


def nothing(parts: Path) -> None:
    (parts / "part-00000025.npz").write_bytes(b"")


def link(parts: Path) -> None:
    part = parts / "part-00000025.npz"
    part.rename(parts.parent / "elsewhere")
    part.symlink_to(parts.parent / "elsewhere")


@pytest.mark.parametrize("damage", [cut, flip, swap, stray, plain, nothing, link])
def test_a_damaged_part_is_worked_again_with_a_word(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    write(tmp_path / "whole")
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=2)
    damage(tmp_path / "run.partial/parts")
    (tmp_path / "run.partial/elsewhere").unlink(missing_ok=True)
    told: list[str] = []
    write(tmp_path / "run", resume=True, tell=told.append)
    assert len(told) == (2 if damage is swap else 1)
    assert all(line.endswith("it is worked again") for line in told)
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_a_part_of_another_run_is_not_taken(tmp_path: Path) -> None:
    write(tmp_path / "whole")
    for name, settings in (("run", SETTINGS), ("other", Settings(60, seed=4))):
        with pytest.raises(Stop):
            write(tmp_path / name, settings, stop_after=1)
    stranger = tmp_path / "other.partial/parts/part-00000000.npz"
    (tmp_path / "run.partial/parts/part-00000000.npz").write_bytes(stranger.read_bytes())
    told: list[str] = []
    write(tmp_path / "run", resume=True, tell=told.append)
    assert len(told) == 1 and "a part of another run" in told[0]
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 200_000])
def test_a_damaged_plan_loses_no_work(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "whole")
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=2)
    (tmp_path / "run.partial/plan.json").write_bytes(content)
    told: list[str] = []
    with runs.RunFolder(tmp_path / "run", identity(), resume=True, tell=told.append) as folder:
        assert folder.done == {0, 25}
    assert len(told) == 1 and "plan.json: damaged" in told[0]
    write(tmp_path / "run", resume=True)
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_drafts_that_a_killed_writer_left_make_room(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=1)
    work = tmp_path / "run.partial"
    drafts = [work / ".plan.json.01234567.draft", work / "parts/.part-00000025.npz.01234567.draft"]
    for draft in drafts:
        draft.touch()
    with runs.RunFolder(tmp_path / "run", identity(), resume=True) as folder:
        assert folder.done == {0}
        assert not any(draft.exists() for draft in drafts)


def test_without_a_plan_the_parts_tell_whose_they_are(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=2)
    (tmp_path / "run.partial/plan.json").unlink()
    with runs.RunFolder(tmp_path / "run", identity(), resume=True) as folder:
        assert folder.done == {0, 25}
    (tmp_path / "run.partial/plan.json").unlink()
    with (
        pytest.raises(SandtableError, match="a part of another run, which cannot be resumed"),
        runs.RunFolder(tmp_path / "run", identity(Settings(60, seed=4)), resume=True),
    ):
        pass
    with runs.RunFolder(tmp_path / "run", identity(), resume=True) as folder:
        assert folder.done == {0, 25}


def test_a_part_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    done: list[str] = []
    flush, replace = os.fsync, os.replace

    def flushed(handle: int) -> None:
        done.append("flush")
        flush(handle)

    def renamed(one: Any, other: Any) -> None:
        done.append("rename")
        replace(one, other)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", renamed)
    with runs.RunFolder(tmp_path / "run", identity()) as folder:
        done.clear()
        folder.save("part-00000000", outcomes=np.zeros((2, 2)))
    assert done == ["flush", "rename"]


def test_the_arrays_of_a_part_come_back(tmp_path: Path) -> None:
    with runs.RunFolder(tmp_path / "run", identity()) as folder:
        folder.save("one", a=np.arange(6.0).reshape(2, 3), b=np.array(["ö"]))
        assert folder.saved == {"one"}
        assert np.array_equal(folder.saved_array("one", "a"), [[0, 1, 2], [3, 4, 5]])
        assert folder.saved_array("one", "b").tolist() == ["ö"]
        with pytest.raises(SandtableError, match="kept no c"):
            folder.saved_array("one", "c")

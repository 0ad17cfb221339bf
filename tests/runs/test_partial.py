"""What a piece of work leaves behind when it fails: its parts, or nothing at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sandtable.errors import SandtableError
from sandtable.runs.partial import PartialFolder

IDENTITY = {"seed": 1}


class Stopped(Exception):
    """Whatever goes wrong."""


def attempt(path: Path, *, parts: int, error: BaseException | None = None, **how: Any) -> None:
    with PartialFolder(path, IDENTITY, **how) as folder:
        for number in range(parts):
            folder.save(f"part-{number}", values=np.arange(3))
        raise error or Stopped


@pytest.mark.parametrize("how", [{}, {"resume": True}, {"overwrite": True}])
@pytest.mark.parametrize("error", [Stopped(), KeyboardInterrupt(), SandtableError("no cluster")])
def test_without_a_part_nothing_is_left(
    tmp_path: Path, how: dict[str, bool], error: BaseException
) -> None:
    with pytest.raises(type(error)):
        attempt(tmp_path / "results" / "campaign" / "run", parts=0, error=error, **how)
    assert not list(tmp_path.iterdir())
    # Folders that were there before stay, with whatever is in them.
    (tmp_path / "results").mkdir()
    with pytest.raises(type(error)):
        attempt(tmp_path / "results" / "run", parts=0, error=error, **how)
    assert [path.name for path in tmp_path.rglob("*")] == ["results"]


def test_with_a_part_all_is_left(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        attempt(tmp_path / "run", parts=1)
    assert sorted(path.name for path in (tmp_path / "run.partial").rglob("*")) == [
        ".lock",
        "part-0.npz",
        "parts",
        "plan.json",
    ]
    with pytest.raises(SandtableError, match="holds an interrupted run"):
        attempt(tmp_path / "run", parts=0)
    with pytest.raises(Stopped):
        attempt(tmp_path / "run", parts=0, resume=True)
    assert (tmp_path / "run.partial" / "parts" / "part-0.npz").is_file()
    # Discarded as was asked for, and nothing put in its place.
    with pytest.raises(Stopped):
        attempt(tmp_path / "run", parts=0, overwrite=True)
    assert not list(tmp_path.iterdir())


def test_what_others_put_there_is_left(tmp_path: Path) -> None:
    with pytest.raises(Stopped), PartialFolder(tmp_path / "deep" / "run", IDENTITY):
        (tmp_path / "deep" / "letter.txt").write_text("mine", encoding="utf-8")
        raise Stopped
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["letter.txt"]


def test_two_at_once_take_nothing_from_each_other(tmp_path: Path) -> None:
    with PartialFolder(tmp_path / "run", IDENTITY) as first:
        for how in ({"resume": True}, {"overwrite": True}):
            with pytest.raises(SandtableError, match="another process is writing this run"):
                attempt(tmp_path / "run", parts=0, **how)
        assert (first.work / "plan.json").is_file()
        first.save("part-0", values=np.arange(3))
    assert first.saved == {"part-0"}


@pytest.mark.parametrize(
    ("parts", "told"), [(0, "and try again"), (1, "then use --resume to continue")]
)
def test_a_full_disk_tells_whether_anything_is_kept(tmp_path: Path, parts: int, told: str) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(SandtableError) as caught:
        attempt(tmp_path / "run", parts=parts, error=full)
    assert str(caught.value).endswith(told)
    assert ("completed work is kept" in str(caught.value)) == bool(parts)
    assert (tmp_path / "run.partial").exists() == bool(parts)


def test_a_limit_on_files_asks_for_no_space(tmp_path: Path) -> None:
    with pytest.raises(SandtableError, match=r"allow larger files \(ulimit -f\) and try again"):
        attempt(tmp_path / "run", parts=0, error=OSError(errno.EFBIG, "File too large"))


@pytest.mark.parametrize("parts", [0, 1])
def test_where_no_file_can_be_opened_what_is_kept_is_told(tmp_path: Path, parts: int) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = list[int]()
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1024), hard))
    try:
        with (
            pytest.raises(SandtableError, match="Too many open files") as told,
            PartialFolder(tmp_path / "run", IDENTITY) as folder,
        ):
            for number in range(parts):
                folder.save(f"part-{number}", values=np.arange(3))
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
    finally:
        for handle in taken:
            os.close(handle)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert ("completed work is kept" in str(told.value)) == bool(parts)
    assert bool(list(tmp_path.iterdir())) == bool(parts)

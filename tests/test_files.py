"""Files of the outside world are read within bounds, and written as a whole or not at all."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from sandtable.errors import InputError
from sandtable.files import draft_of, drop_drafts, read_bounded, read_json, write_whole


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    assert read_bounded(path, 10) == b"x" * 10
    with pytest.raises(InputError, match="a note of at most 0 MB"):
        read_bounded(path, 9, "a note")


def test_a_small_file_takes_no_memory_for_a_large_one(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(b"x" * 3_000_000)
    tracemalloc.start()
    try:
        assert read_bounded(path, 500_000_000) == b"x" * 3_000_000
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="no file without a size is here")
def test_a_file_that_holds_more_than_it_says_is_read_no_further(tmp_path: Path) -> None:
    assert os.stat("/proc/version").st_size == 0
    with pytest.raises(InputError, match="at most 0 MB"):
        read_bounded(Path("/proc/version"), 3)


def test_what_is_no_file_is_told_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, found in (("pipe", "a pipe"), ("", "a folder"), ("none", "no such file")):
        with pytest.raises(InputError, match=f"found {found}; allowed: a note"):
            read_bounded(tmp_path / name, 10, "a note")
    with pytest.raises(InputError, match="found a device"):
        read_bounded(Path("/dev/zero"), 10)


@pytest.mark.parametrize(
    ("content", "found"), [(b"{", "broken JSON"), (b"[" * 200_000, "nested too deep")]
)
def test_what_is_no_json_is_told(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(InputError, match=found):
        read_json(path, 1_000_000, "a note")


def test_a_file_that_can_not_be_written_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    with pytest.raises(OSError, match="full") as caught, draft_of(path) as draft:
        draft.write_bytes(b"ne")
        raise OSError(28, "full")
    assert caught.value.filename == str(path)
    assert [each.name for each in tmp_path.iterdir()] == ["file"] and path.read_bytes() == b"old"


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"old")
    (tmp_path / "file").symlink_to("theirs")
    with pytest.raises(InputError, match="found a link"):
        write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "theirs").read_bytes() == b"old"


def test_drafts_of_a_writer_that_was_killed_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".file.0123abcd.draft", "file", ".hidden", "my.draft"):
        (tmp_path / name).touch()
    drop_drafts(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"file", ".hidden", "my.draft"}

"""Nothing is removed that the program did not make, and nothing is written where it can't be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import fakes
from runs.test_folder import INPUTS, NAMES, SETTINGS, Stop, contents, identity, write
from sandtable import runs
from sandtable.ensemble import run_parts
from sandtable.errors import InputError, SandtableError


@pytest.fixture(autouse=True)
def _toy_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(monkeypatch)


def letter(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "mother.txt"
    made.write_text("Dear mother", encoding="utf-8")
    return made


@pytest.mark.parametrize("sibling", ["run.old", ".run.old"])
def test_a_sibling_is_left_alone(tmp_path: Path, sibling: str) -> None:
    theirs = letter(tmp_path / sibling)
    write(tmp_path / "run")
    write(tmp_path / "run", overwrite=True)
    assert theirs.read_text(encoding="utf-8") == "Dear mother"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["run", sibling])


@pytest.mark.parametrize("how", ["resume", "overwrite"])
def test_a_strangers_working_folder_is_left_alone(tmp_path: Path, how: str) -> None:
    theirs = letter(tmp_path / "run.partial")
    with pytest.raises(SandtableError, match=r"not of an interrupted run, such as mother\.txt"):
        write(tmp_path / "run", **{how: True})
    assert theirs.is_file()


@pytest.mark.parametrize("how", ["resume", "overwrite"])
def test_a_link_in_place_of_the_working_folder_is_not_followed(tmp_path: Path, how: str) -> None:
    theirs = letter(tmp_path / "letters")
    (tmp_path / "run.partial").symlink_to(tmp_path / "letters")
    with pytest.raises(SandtableError, match=r"run\.partial: found a link"):
        write(tmp_path / "run", **{how: True})
    assert theirs.is_file()


def test_a_link_in_the_working_folder_is_removed_and_not_followed(tmp_path: Path) -> None:
    theirs = letter(tmp_path / "letters")
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=1)
    (tmp_path / "run.partial/there").symlink_to(tmp_path / "letters")
    write(tmp_path / "run", overwrite=True)
    assert theirs.is_file()


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "run")
    (tmp_path / "link").symlink_to(tmp_path / "run")
    before = contents(tmp_path / "run")
    with pytest.raises(InputError, match="link: --out: found a link"):
        write(tmp_path / "link", overwrite=True)
    assert contents(tmp_path / "run") == before


@pytest.mark.parametrize("name", ["mother.txt", "figures/mother.txt", "inputs/mother.txt"])
def test_a_file_laid_in_a_finished_run_is_not_removed_with_it(tmp_path: Path, name: str) -> None:
    write(tmp_path / "run")
    theirs = letter((tmp_path / "run" / name).parent)
    with pytest.raises(SandtableError, match=f"files that its manifest does not name: {name}"):
        write(tmp_path / "run", overwrite=True)
    assert theirs.is_file()
    theirs.unlink()
    write(tmp_path / "run", overwrite=True)


def test_what_is_laid_there_while_the_work_goes_on_is_not_removed(tmp_path: Path) -> None:
    write(tmp_path / "whole")
    with (
        pytest.raises(InputError, match="the folder of a finished run"),
        stopped_to_write(tmp_path / "run"),
    ):
        theirs = letter(tmp_path / "run")
    assert theirs.read_text(encoding="utf-8") == "Dear mother"
    theirs.unlink()
    write(tmp_path / "run", resume=True)
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


@contextmanager
def stopped_to_write(out: Path) -> Iterator[None]:
    """A run that is done but for its tables while the body is executed."""
    with runs.RunFolder(out, identity()) as folder:
        run_parts(fakes.Scenario(), SETTINGS, on_part=folder.write)  # type: ignore[arg-type]
        folder.merge(NAMES, "name = 'toy'\n")
        yield
        folder.finish(INPUTS, jobs=1)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("", "no name that a folder can have"),
        (".", "no name that a folder can have"),
        ("/", "no name that a folder can have"),
        ("..", "no name that a folder can have"),
        ("a/..", "no name that a folder can have"),
        ("bad\udcff", "a name that is not UTF-8"),
        ("letter/run", "a file in its way"),
    ],
)
def test_a_place_where_no_folder_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, found: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter").write_text("Dear mother", encoding="utf-8")
    with pytest.raises(InputError, match=found):
        write(Path(place))
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_place_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="no right to write"):
        write(tmp_path / "run")
    tmp_path.chmod(0o700)

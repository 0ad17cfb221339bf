"""A finished folder whose files are others than were written is told, and never used in silence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import SCENARIO, Call
from sandtable import RunOptions, load
from sandtable.errors import InputError
from sandtable.runs import check_intact


def figure(_: object, folder: Path) -> list[Path]:
    folder.mkdir()
    (folder / "map.png").write_bytes(b"a picture, and its bytes are all that counts here")
    return [folder / "map.png"]


def page(path: Path, _: object) -> Path:
    path.write_text("a report")
    return path


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "run"
    how = RunOptions(draw=figure, report=page)
    load(SCENARIO[0], register=SCENARIO[2]).run(3, out=out, options=how)
    return out


@pytest.fixture
def made(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "run"))


def written(folder: Path) -> int:
    """Files but for the manifest, which tells of the others, and the report, which is a view."""
    return sum(path.is_file() for path in folder.rglob("*")) - 2


def test_every_file_but_the_manifest_is_looked_at(made: Path) -> None:
    assert check_intact(made) == written(made)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


@pytest.mark.parametrize(
    "name", ["outcomes.parquet", "comparison.csv", "figures/map.png", "inputs/scenario/hill.toml"]
)
@pytest.mark.parametrize("damage", [flip, cut, link, Path.unlink])
def test_another_file_is_told(
    call: Call, made: Path, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    assert (made / name).is_file(), sorted(made.rglob("*"))
    assert (
        call("check", made).out
        == f"{made}: sound; {written(made)} files are as they were written\n"
    )
    damage(made / name)
    for words in (
        ("check", made),
        ("compare", made),
        ("rerun", made, "--out", tmp_path / "again"),
    ):
        said = call(*words)
        assert said.code == 2
        assert f"{made / name}: file: found " in said.err and "the file of SHA-256" in said.err
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "", "a/../../b"])
def test_a_manifest_that_names_files_elsewhere_is_refused(made: Path, name: str) -> None:
    path = made / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["files"][name] = "0" * 64
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match="names of files of the folder"):
        check_intact(made)


def test_options_of_a_scenario_are_refused(call: Call, made: Path) -> None:
    said = call("check", made, "--set", "a.b=1")
    assert said.code == 2 and "--set: allowed with a scenario only" in said.err


def test_as_json(call: Call, made: Path) -> None:
    told = json.loads(call("check", made, "--json").out)
    assert told == {"run": str(made), "sound": True, "files": written(made)}

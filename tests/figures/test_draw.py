from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from PIL import Image

from sandtable.cli.figures import FAMILIES
from sandtable.ensemble.executors import workers
from sandtable.figures import begin_run, draw_run
from sandtable.vocabulary import FigureFormat

KINDS = [
    "strength", "losses-1", "losses-2", "advance", "map", "claims-1", "claims-2", "claims-3",
    "score", "tank-losses",
]  # fmt: skip


@pytest.fixture(scope="module")
def drawn(khalkhin_gol: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return draw_run(khalkhin_gol, tmp_path_factory.mktemp("drawn"))


@pytest.mark.verify
def test_every_figure_is_written(drawn: list[Path]) -> None:
    assert [path.stem for path in drawn] == KINDS
    assert len({path.stem.rstrip("-0123456789") for path in drawn}) == FAMILIES


@pytest.mark.verify
def test_a_figure_tells_no_program_and_no_date_and_is_as_fine_as_promised(
    drawn: list[Path],
) -> None:
    for path in drawn:
        with Image.open(path) as image:
            assert image.info.keys() <= {"dpi"}
            assert image.info["dpi"] == pytest.approx((160, 160), abs=0.1)


@pytest.mark.verify
def test_two_runs_under_whatever_settings_of_the_user_give_the_same_bytes(
    khalkhin_gol: Any, drawn: list[Path], tmp_path: Path
) -> None:
    with mpl.rc_context({"font.size": 20, "axes.grid": True, "savefig.bbox": "tight"}):
        own = draw_run(khalkhin_gol, tmp_path)
        assert mpl.rcParams["font.size"] == 20
    assert [path.read_bytes() for path in drawn] == [path.read_bytes() for path in own]


@pytest.mark.verify
@pytest.mark.processes
def test_other_processes_draw_the_same_bytes(
    khalkhin_gol: Any, drawn: list[Path], tmp_path: Path
) -> None:
    with workers(2) as (executor, _):
        begun = list(begin_run(khalkhin_gol, tmp_path, "png", executor))
    assert [path.name for path in begun] == [path.name for path in drawn]
    assert [path.read_bytes() for path in drawn] == [path.read_bytes() for path in begun]


@pytest.mark.verify
@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_vector_formats_have_the_same_bytes_twice_and_no_date(
    form: FigureFormat, khalkhin_gol: Any, tmp_path: Path
) -> None:
    few = khalkhin_gol.few()
    one, two = (draw_run(few, tmp_path / name, form) for name in ("a", "b"))
    assert {path.suffix for path in one} == {f".{form}"}
    assert [path.name for path in one] == [path.name for path in two]
    for a, b in zip(one, two, strict=True):
        content = a.read_bytes()
        assert content == b.read_bytes()
        assert not re.search(rb"CreationDate|dc:date|Matplotlib", content)


@pytest.mark.verify
@pytest.mark.processes
def test_drawing_leaves_pyplot_alone() -> None:
    code = "import sys, sandtable.figures; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

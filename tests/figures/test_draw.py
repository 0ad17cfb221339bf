from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from PIL import Image

from sandtable.figures import draw_run

KINDS = ["strength", "losses", "advance", "map", "claims-1", "claims-2", "tank-losses"]


@pytest.fixture(scope="module")
def drawn(khalkhin_gol: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return draw_run(khalkhin_gol, tmp_path_factory.mktemp("drawn"))


def test_every_figure_is_written(drawn: list[Path]) -> None:
    assert [path.stem for path in drawn] == KINDS


def test_a_figure_tells_no_program_and_no_date_and_is_as_fine_as_promised(
    drawn: list[Path],
) -> None:
    for path in drawn:
        with Image.open(path) as image:
            assert image.info.keys() <= {"dpi"}
            assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)


def test_two_runs_under_whatever_settings_of_the_user_give_the_same_bytes(
    khalkhin_gol: Any, drawn: list[Path], tmp_path: Path
) -> None:
    with mpl.rc_context({"font.size": 20, "axes.grid": True, "savefig.bbox": "tight"}):
        own = draw_run(khalkhin_gol, tmp_path)
        assert mpl.rcParams["font.size"] == 20
    assert [path.read_bytes() for path in drawn] == [path.read_bytes() for path in own]


@pytest.mark.processes
def test_drawing_leaves_pyplot_alone() -> None:
    code = "import sys, sandtable.figures; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

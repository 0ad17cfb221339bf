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


def test_every_figure_is_written_and_two_runs_give_the_same_bytes(
    khalkhin_gol: Any, tmp_path: Path
) -> None:
    case = khalkhin_gol
    first, second = (draw_run(case, tmp_path / name) for name in ("a", "b"))
    assert [path.stem for path in first] == KINDS
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_figure_tells_no_program_and_no_date_and_is_as_fine_as_promised(
    khalkhin_gol: Any, tmp_path: Path
) -> None:
    case = khalkhin_gol
    for path in draw_run(case, tmp_path):
        with Image.open(path) as image:
            assert image.info.keys() <= {"dpi"}
            assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)


def test_a_users_own_settings_change_no_byte_and_are_left_alone(
    khalkhin_gol: Any, tmp_path: Path
) -> None:
    case = khalkhin_gol
    plain = draw_run(case, tmp_path / "a")
    with mpl.rc_context({"font.size": 20, "axes.grid": True, "savefig.bbox": "tight"}):
        own = draw_run(case, tmp_path / "b")
        assert mpl.rcParams["font.size"] == 20
    assert [path.read_bytes() for path in plain] == [path.read_bytes() for path in own]


def test_drawing_leaves_pyplot_alone() -> None:
    code = "import sys, sandtable.figures; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

"""The page of the order of battle: who is on it, and that nothing on it runs into anything."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import pytest
from lxml import etree
from PIL import ImageFont

from sandtable.figures import order_of_battle_svg
from sandtable.scenario import describe, load_scenario
from sandtable.shipped import scenario_paths
from sandtable.symbols import drawing, paled, sidc
from shipped import shipped

SVG = "{http://www.w3.org/2000/svg}"
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def box(text: Any) -> Box:
    """The box of a text, by FreeType."""
    name = "DejaVuSans-Bold.ttf" if text.get("font-weight") else "DejaVuSans.ttf"
    size, x, y = (float(text.get(key)) for key in ("font-size", "x", "y"))
    wide = ImageFont.truetype(str(FONTS / name), 100).getlength(text.text) * size / 100
    return Box(x, y - 0.78 * size, x + wide, y + 0.24 * size)


def texts(page: Any) -> list[Any]:
    return [text for text in page.iterfind(f"{SVG}text") if text.text]


@pytest.fixture(scope="module", params=sorted(scenario_paths()))
def page(request: pytest.FixtureRequest) -> tuple[str, Any]:
    name = request.param
    return name, etree.fromstring(order_of_battle_svg(shipped(name)).encode())


def test_everybody_is_on_it_with_name_and_symbol(page: tuple[str, Any]) -> None:
    name, root = page
    scenario = shipped(name)
    central = scenario.sampler.central()
    written = "".join(text.text for text in texts(root)).replace(" ", "")
    for formation in central.formations:
        assert formation.name.replace(" ", "") in written
    wanted = Counter(
        f"s{sidc(f.type, f.echelon, central.sides_by_id[f.side].coalition)}"
        f"-{central.sides_by_id[f.side].colour[1:].lower()}"
        for f in central.formations
    )  # fmt: skip
    assert Counter(use.get("href")[1:] for use in root.iterfind(f"{SVG}use")) == wanted
    assert {own.get("id") for own in root.iterfind(f"{SVG}defs/{SVG}g")} == set(wanted)


def test_no_text_touches_another_or_runs_over_the_page(page: tuple[str, Any]) -> None:
    _, root = page
    wide, high = float(root.get("width")), float(root.get("height"))
    boxes = [box(text) for text in texts(root)]
    assert all(b.left >= 0 and b.top >= 0 and b.right <= wide and b.bottom <= high for b in boxes)
    for one, other in combinations(boxes, 2):
        apart = one.right <= other.left or other.right <= one.left
        assert apart or one.bottom <= other.top or other.bottom <= one.top, (one, other)


def test_symbols_stand_clear_of_texts_and_of_each_other(page: tuple[str, Any]) -> None:
    _, root = page
    frames = []
    for use in root.iterfind(f"{SVG}use"):
        x, y = map(float, use.get("transform").split(")")[0].removeprefix("translate(").split())
        # The frame of a hostile unit is widest and highest: from 28 to 172.
        frames.append(Box(x + 5.6, y + 5.6, x + 34.4, y + 34.4))
    for one, other in combinations([*frames, *map(box, texts(root))], 2):
        apart = one.right <= other.left or other.right <= one.left
        assert apart or one.bottom <= other.top or other.bottom <= one.top, (one, other)


def test_strengths_are_those_that_show_tells() -> None:
    scenario = shipped("khalkhin-gol-1939")
    written = " ".join(
        text.text
        for text in texts(etree.fromstring(order_of_battle_svg(scenario).encode()))
    )  # fmt: skip

    def units(some: Any) -> Any:
        for unit in some:
            yield unit
            yield from units(unit.below)

    checked = 0
    for unit in units(describe(scenario).order_of_battle):
        low, high = unit.strength.get("personnel", (0.0, 0.0))
        if high:
            told = f"{low:,.0f} men" if round(low) == round(high) else f"{low:,.0f}–{high:,.0f} men"
            assert told in written, unit.id
            checked += 1
    assert checked > 50


def test_words_of_a_scenario_are_text(tmp_path: Path) -> None:
    runs = Path(__file__).parents[1] / "inputs" / "runs"
    hostile = "<script>alert('&')</script>"
    named = hostile + r"\u001b[2J"
    text = (runs / "hill.toml").read_text("utf-8").replace("9th Division", named)
    (tmp_path / "hill.toml").write_text(text, encoding="utf-8")
    scenario = load_scenario(tmp_path / "hill.toml", register_root=runs / "register")
    root = etree.fromstring(order_of_battle_svg(scenario).encode())
    assert hostile in "".join(text.text for text in texts(root))
    assert not root.findall(f".//{SVG}script")


def test_the_same_bytes_twice() -> None:
    scenario = shipped("kurils-1945")
    assert order_of_battle_svg(scenario) == order_of_battle_svg(load_scenario("kurils-1945"))


def test_a_drawing_is_in_the_side_s_colour_and_pale() -> None:
    assert paled("#000000") == "#737373" and paled("#ffffff") == "#ffffff"
    inside = drawing(sidc("rifle", "army", "attacker"), fill=paled("#D55E00"))
    assert inside.startswith("<path") and 'fill="#e8a673"' in inside

"""The military symbols of formations: what each is called in the page, and how it is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sandtable.report.material import Material
from sandtable.scenario.resolved import Formation, ResolvedScenario
from sandtable.symbols import sidc, symbol_svg
from sandtable.vocabulary import Coalition

_PALE = 0.45
"""How far a side's colour is taken towards white, so that what stands on it can be read."""
_INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_EMPTY_TEXT = re.compile(r"<text[^>]*></text>")


def symbol_id(formation: Formation, resolved: ResolvedScenario) -> str:
    """Return the id under which a formation's symbol stands in the page: code and colour."""
    side = resolved.sides_by_id[formation.side]
    # That of the whole campaign: who attacks in one of its phases may defend in another.
    coalition: Coalition = "attacker" if side.coalition == "attacker" else "defender"
    code = sidc(formation.type, formation.echelon, coalition)
    return f"s{code}-{side.colour[1:].lower()}"


def symbols(materials: Iterable[Material]) -> dict[str, str]:
    """Return the drawings of all symbols by id, each the inside of an SVG element.

    The middle of a symbol's frame is at (100, 100), and the frame about 100 to 150 wide.
    """
    wanted = {
        symbol_id(formation, material.resolved)
        for material in materials
        for formation in material.resolved.formations
    }
    return {id: _drawn(id) for id in sorted(wanted)}


def _drawn(id: str) -> str:
    code, _, colour = id[1:].partition("-")
    found = _INSIDE.search(symbol_svg(code, fill=_paled(colour)))
    assert found is not None
    return _EMPTY_TEXT.sub("", found[1])


def _paled(colour: str) -> str:
    parts = (int(colour[k : k + 2], 16) for k in (0, 2, 4))
    return "#" + "".join(f"{round(part + _PALE * (255 - part)):02x}" for part in parts)

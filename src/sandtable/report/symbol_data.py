"""The military symbols of formations: what each is called in the page, and how it is drawn."""

from __future__ import annotations

from collections.abc import Iterable

from sandtable.report.material import Material
from sandtable.scenario.resolved import Formation, ResolvedScenario
from sandtable.symbols import drawing, paled, sidc
from sandtable.vocabulary import Coalition


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
    return drawing(code, fill=paled(f"#{colour}"))

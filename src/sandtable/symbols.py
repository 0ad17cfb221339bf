"""The military symbol of a formation: its code, and what the code is drawn as.

The code is the symbol identification code (SIDC) of 20 digits of MIL-STD-2525D, whose land
units APP-6D shares: version ``10``, reality, standard identity, symbol set ``10`` (land units),
status, headquarters or task force, echelon, entity, and a modifier in each of two sectors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from sandtable.vocabulary import Echelon, FormationType

IDENTITIES: Mapping[str, str] = {"attacker": "6", "defender": "3"}
"""Hostile, in a red diamond, and friend, in a blue rectangle: warm and cool, as in figures."""
TASK_FORCES: frozenset[Echelon] = frozenset({"group", "detachment"})
"""Groupings for a purpose, of no fixed size, which the standard has as task forces."""
ECHELONS: Mapping[Echelon, str] = {
    "theatre": "25", "front": "24", "area-army": "24", "army": "23", "group": "22",
    "corps": "22", "division": "21", "brigade": "18", "regiment": "17", "battalion": "16",
    "detachment": "16",
}  # fmt: skip
"""A group is drawn as large as a corps and a detachment as a battalion, as they also defend in
the model."""
ENTITIES: Mapping[FormationType, str] = {
    "headquarters": "1100000000",  # command and control
    "rifle": "1211000000",  # infantry
    "motor-rifle": "1211040000",  # infantry, motorised
    "tank": "1205000000",  # armour
    "mechanised": "1211020000",  # infantry, mechanised
    "cavalry": "1213000031",  # reconnaissance and cavalry; pack animals
    "armoured-car": "1205000051",  # armour; wheeled
    "garrison": "1211005400",  # infantry; security
    "border": "1211000500",  # infantry; border
    "airborne": "1211000001",  # infantry; airborne
    "naval-infantry": "1211010000",  # infantry, amphibious
    "artillery": "1303000000",  # field artillery
    "puppet": "1211003900",  # infantry; multinational
    "services": "1606000000",  # combat service support
}
"""Entity, its type and subtype, and the modifiers of both sectors, two digits each."""


def sidc(type: FormationType, echelon: Echelon, coalition: str) -> str:
    """Return the symbol identification code of a formation, 20 digits.

    No two types share a code; of the echelons only front and area army do. Raises KeyError for
    a word that the vocabulary lacks.
    """
    headquarters, task_force = type == "headquarters", echelon in TASK_FORCES
    staff = str(2 * headquarters + 4 * task_force)
    identity = "0" + IDENTITIES[coalition]
    return f"10{identity}10" + f"0{staff}" + ECHELONS[echelon] + ENTITIES[type]


_LIKE: tuple[tuple[str, FormationType], ...] = (
    ("121102", "mechanised"), ("121105", "mechanised"), ("121104", "motor-rifle"),
    ("121101", "naval-infantry"), ("1211", "rifle"), ("1205", "tank"), ("1210", "motor-rifle"),
    ("1213", "cavalry"), ("1201", "airborne"), ("1204", "artillery"), ("12", "rifle"),
    ("13", "artillery"), ("11", "services"), ("14", "services"), ("15", "services"),
    ("16", "services"), ("20", "border"),
)  # fmt: skip
"""Types of formations like those of other entities, by how their codes begin, first come first."""


class Reading(NamedTuple):
    """What a code says: type and echelon, and whether they have that very code here.

    Several ``echelons`` share a code, none has one that is unknown.
    """

    type: FormationType
    echelons: tuple[Echelon, ...]
    exact: bool


def read_sidc(code: str) -> Reading | None:
    """Return what the code of a land unit stands for, None for any other code.

    A type without a counterpart is read as one like it, and so is an echelon.
    """
    if not re.fullmatch(r"\d{4}10\d{14}", code, re.ASCII):
        return None
    staff, entity = int(code[7]), code[10:]
    exact: FormationType | None = next((t for t, own in ENTITIES.items() if own == entity), None)
    if staff & 2:
        exact = "headquarters"
    like: FormationType = next((t for start, t in _LIKE if entity.startswith(start)), "rifle")
    same = tuple(
        echelon
        for echelon, own in ECHELONS.items()
        if own == code[8:10] and (echelon in TASK_FORCES) == bool(staff & 4)
    )
    echelons = same or tuple(e for e, own in ECHELONS.items() if own == code[8:10])
    return Reading(exact or like, echelons, exact is not None and bool(same))


def destroyed(sidc: str) -> str:
    """Return the code of the same formation, destroyed: its symbol is crossed through."""
    return f"{sidc[:6]}4{sidc[7:]}"


def symbol_svg(sidc: str, *, size: float = 24.0, fill: str = "") -> str:
    """Return the symbol of a code as an SVG element, the same bytes every time.

    ``size`` is that of 100 units of the symbol in pixels, about the height of a square frame;
    marks of echelon and a headquarters' staff come on top of it. ``fill`` is the colour within
    the frame; empty: the standard's own. Raises ValueError for a code that can't be drawn.
    """
    from milsymbol import Symbol

    symbol = Symbol(sidc, size=size)
    if not symbol.is_valid():
        raise ValueError(f"{sidc}: no symbol identification code of a land unit that can be drawn")
    drawn = str(symbol.as_svg())
    return re.sub(r'fill="rgb\([^)]*\)"', f'fill="{fill}"', drawn, count=1) if fill else drawn


def drawing(sidc: str, *, fill: str = "") -> str:
    """Return what is inside the SVG element of a symbol.

    The middle of the frame is at (100, 100), and the frame about 100 to 150 units wide.
    """
    found = re.search(r"<svg[^>]*>(.*)</svg>", symbol_svg(sidc, fill=fill), re.DOTALL)
    assert found is not None
    return re.sub(r"<text[^>]*></text>", "", found[1])


_PALE = 0.45


def paled(colour: str) -> str:
    """Return a side's colour (``#rrggbb``) nearer to white, so that what stands on it is read."""
    parts = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(part + _PALE * (255 - part)):02x}" for part in parts)

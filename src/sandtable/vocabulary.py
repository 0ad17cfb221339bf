"""The words that scenarios and laws share, each kind of them in one list."""

from __future__ import annotations

from typing import Literal

PALETTE = {
    "black": "#000000", "orange": "#E69F00", "sky": "#56B4E9", "green": "#009E73",
    "yellow": "#F0E442", "blue": "#0072B2", "vermilion": "#D55E00", "purple": "#CC79A7",
}  # fmt: skip
"""The palette of Okabe and Ito (2008), told apart in every common form of colour blindness."""
COALITION_COLOURS = {
    "attacker": ("vermilion", "orange", "yellow", "purple"),
    "defender": ("blue", "sky", "green", "black"),
}
"""Colours of a coalition's sides in their order: warm against cool. Opponents stay far apart in
every form of colour blindness, allies need not; purple, near sky and green in some, comes last."""
ENTRY_IDS = {
    "leg": ("from", "to"), "supply": ("place", "side"), "air": ("side",),
    "order_of_battle": ("phase", "formation"),
}  # fmt: skip
"""The keys whose values name an entry of a scenario's table without an ``id``."""
Coalition = Literal["attacker", "defender"]
PlaceKind = Literal[
    "town", "village", "pass", "crossing", "fortified-region", "airfield", "port",
    "railhead", "height", "frontier", "open-ground",
]  # fmt: skip
Terrain = Literal[
    "flat", "rolling", "rugged", "mountain", "desert", "dunes", "marsh", "forest", "sea"
]
Road = Literal["none", "track", "road", "rail"]
Obstacle = Literal["none", "fordable-river", "river", "great-river", "wire", "forest"]
RainEffect = Literal["none", "slows", "closes"]
FormationType = Literal[
    "headquarters", "rifle", "motor-rifle", "tank", "mechanised", "cavalry", "armoured-car",
    "garrison", "border", "airborne", "naval-infantry", "artillery", "puppet", "services",
]  # fmt: skip
Mobility = Literal["foot", "horse", "motor", "tracked"]
Echelon = Literal[
    "theatre", "front", "area-army", "army", "group", "corps", "division", "brigade",
    "regiment", "battalion", "detachment",
]  # fmt: skip
OrderKind = Literal[
    "advance", "hold", "delay", "counterattack", "relieve", "break-out", "redeploy", "withdraw",
    "reinforce", "land-from-sea", "land-from-air", "airlift-fuel", "bombard", "cease-fire",
    "surrender",
]  # fmt: skip
Occasion = Literal["order", "captured", "encircled", "ceased_fire", "surrendered"]
NightAction = Literal["attack", "march"]
Conduct = Literal["assault", "mask", "besiege"]
Weapon = Literal["tanks", "aircraft"]
AttritionLaw = Literal[
    "full", "fatigue", "free-exponents", "square", "linear", "logarithmic", "constant-rate"
]
AdvanceRule = Literal["fitted", "dupuy"]
BaseMap = Literal["world", "northeast-asia", "none"]
MapLayer = Literal["land", "lake", "dunes", "river", "border", "frontier"]
FigureFormat = Literal["png", "svg", "pdf"]
ExportFormat = Literal["orbat-mapper", "geojson", "kml", "csv"]

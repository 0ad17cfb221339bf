"""The words that may stand under a scenario's keys, each kind of them in one list."""

from __future__ import annotations

from typing import Literal

SideName = Literal["ussr", "mongolia", "japan", "manchukuo", "mengjiang"]
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
    "garrison", "border", "airborne", "naval-infantry", "artillery", "puppet",
]  # fmt: skip
Echelon = Literal[
    "theatre", "front", "area-army", "army", "group", "corps", "division", "brigade",
    "regiment", "battalion", "detachment",
]  # fmt: skip
OrderKind = Literal[
    "advance", "hold", "delay", "counterattack", "withdraw", "reinforce", "land-from-sea",
    "land-from-air", "airlift-fuel", "cease-fire", "surrender",
]  # fmt: skip
Conduct = Literal["assault", "mask", "besiege"]
AttritionLaw = Literal[
    "full", "fatigue", "free-exponents", "square", "linear", "logarithmic", "constant-rate"
]
AdvanceRule = Literal["fitted", "dupuy"]

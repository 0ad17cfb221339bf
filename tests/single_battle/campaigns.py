"""A battle written as a campaign's file, and what the campaign's own run makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sandtable import load

_SHARES = "\n".join(
    f'{name} = {{assumed = {value}, because = "stated"}}'
    for name, value in (("killed", 0.25), ("captured", 0.0), ("missing", 0.05), ("sick", 0.0))
)
_HEAD = """
[scenario]
title = "A battle"
campaign = "battle"
summary = "A division attacks another."
start = 1944-06-01T00:00:00+00:00
end = 1945-06-01T00:00:00+00:00
"""
_AXIS = """
[[axis]]
id = "attack"
name = "Attack"
formations = ["first", "second"]
places = ["camp", "hill"]
"""


def _side(id: str) -> str:
    return f'[[side]]\nid = "{id}"\ncoalition = "{id}"\n{_SHARES}\n'


def _place(id: str, owner: str, lon: float) -> str:
    return (
        f'[[place]]\nid = "{id}"\nname = "{id}"\nlat = 45.0\nlon = {lon}\nkind = "town"\n'
        f'owner = "{owner}"\n'
    )


def _leg(a: str, b: str) -> str:
    return (
        f'[[leg]]\nfrom = "{a}"\nto = "{b}"\nterrain = "flat"\nroad = "road"\n'
        'length_km = {assumed = 30, because = "stated"}\n'
    )


def _formation(id: str, side: str, start: str, **numbers: float) -> str:
    told = "\n".join(f'{k} = {{assumed = {v}, because = "stated"}}' for k, v in numbers.items())
    return (
        f'[[formation]]\nid = "{id}"\nname = "{id}"\nside = "{side}"\ntype = "rifle"\n'
        f'echelon = "division"\nparent = "{side}-army"\nstart = "{start}"\n{told}\n'
    )


def _headquarters(side: str) -> str:
    return (
        f'[[formation]]\nid = "{side}-army"\nname = "{side}"\nside = "{side}"\n'
        'type = "headquarters"\nechelon = "army"\n'
    )


def write_battle(folder: Path) -> Path:
    """Two divisions of 6,000 with tanks against 4,000 men in works, 30 km away."""
    attackers = {"personnel": 6000, "tanks": 30, "effectiveness": 0.9}
    defenders = {"personnel": 4000, "tanks": 5, "effectiveness": 0.7, "fortification": 0.4}
    path = folder / "battle.toml"
    path.write_text("\n".join([
        _HEAD, _side("attacker"), _side("defender"),
        _place("camp", "attacker", 120.0), _place("hill", "defender", 120.3),
        _place("rear", "defender", 120.6), _leg("camp", "hill"), _leg("hill", "rear"),
        _headquarters("attacker"), _headquarters("defender"),
        _formation("first", "attacker", "camp", **attackers),
        _formation("second", "attacker", "camp", **attackers),
        _formation("line", "defender", "hill", **defenders),
        _AXIS,
        '[[supply]]\nplace = "camp"\nside = "attacker"\n',
        '[[supply]]\nplace = "rear"\nside = "defender"\n',
    ]), encoding="utf-8")  # fmt: skip
    return path


def fought(path: Path, replications: int) -> dict[str, Any]:
    """The first battle of each replication of the campaign, run from its file."""
    battles = load(path).run(replications, seed=1).battles
    whole = (battles["place"] == "") & (battles["battle"] == 1)
    names = ("attacker_casualties", "defender_casualties", "days", "ground", "decision")
    return {name: np.asarray(battles[name])[whole] for name in names}

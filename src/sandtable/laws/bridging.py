"""How long a demolition holds up an advance."""

from __future__ import annotations

from sandtable.laws.planning import DemolitionFigures


def blown(chance: float, taken: float, *, coup_de_main: bool) -> float:
    """Chance (0-1) that a prepared demolition is blown before an attacker.

    ``chance`` that the defender fires it in time, ``taken`` that a ``coup_de_main`` forestalls him.
    """
    return chance * (1.0 - taken) if coup_de_main else chance


def repair_days(span_km: float, figures: DemolitionFigures) -> float:
    """Days until a river is bridged again over ``span_km``.

    ``prepare`` days until the engineers are at work, and the length at their rate, ``bridging`` km
    a day.
    """
    return figures.prepare + span_km / figures.bridging

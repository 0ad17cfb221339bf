"""Loss of tanks, by cause, and of guns."""

from __future__ import annotations

from collections.abc import Sequence

from sandtable.laws.planning import Tanks


def cause_weights(
    shares: Sequence[float],
    tanks: Tanks,
    antitank_density: float,
    gun_density: float,
    hostile_air: float,
    hunters: float = 0.0,
) -> tuple[float, ...]:
    """Weight of each cause of tank loss, 1 in all against a European defender of 1940-45.

    ``antitank_density`` and ``gun_density``: the enemy's guns a thousand men; ``hostile_air``
    his share of the sorties (0.5 equal). The ``shares`` found on those defenders (Coox and
    Naisawald 1951), in the order of ``outcomes.TANK_CAUSES`` and with the sum 1, rise and fall
    with the density of the weapon that caused them; close attack by infantry and mines depend on
    neither. ``hunters``: how far the enemy is equipped and organised to hunt tanks (0-1).
    """
    antitank, artillery, infantry, air, mines = shares
    return (
        antitank * antitank_density / tanks.antitank_density,
        artillery * gun_density / tanks.gun_density,
        infantry * (1.0 + (tanks.hunters - 1.0) * hunters),
        air * 2.0 * hostile_air,
        mines,
    )


def share_lost(personnel_share: float, rate_ratio: float) -> float:
    """Share of the pieces lost while their formation loses ``personnel_share`` of its men.

        1 - (1 - personnel_share)^rate_ratio

    Dupuy, Attrition: pieces go at ``rate_ratio`` times the rate of personnel, which holds for the
    share that is left as for the whole; so losses that are cut in steps come out the same.
    """
    return float(1.0 - (1.0 - personnel_share) ** rate_ratio)


def exposure(men_per_tank: float, escort: float, unescorted: float) -> float:
    """Factor on what guns, close attack and mines take of tanks with so many men on foot a tank.

        1 + (unescorted - 1) max(0, 1 - men / escort)

    1 for tanks that are covered by ``escort`` men each or more, ``unescorted`` for those alone.
    """
    return 1.0 + (unescorted - 1.0) * max(0.0, 1.0 - men_per_tank / escort)


def exposed(weights: Sequence[float], factor: float) -> tuple[float, ...]:
    """Weights of the causes, in the order of ``outcomes.TANK_CAUSES``, for tanks so exposed.

    Infantry keeps down guns and hunters and finds the mines; shells and aircraft it can't.
    """
    antitank, artillery, infantry, air, mines = weights
    return (antitank * factor, artillery, infantry * factor, air, mines * factor)

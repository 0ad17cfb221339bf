"""How long a formation takes by railway."""

from __future__ import annotations

from sandtable.laws.planning import RailFigures


def days_of_trains(personnel: float, trains_a_day: float, figures: RailFigures) -> float:
    """Days for which a formation's trains take up a line: trains needed over trains a day.

    ``figures.men`` to a train, horses, guns and vehicles with them.
    """
    return personnel / figures.men / trains_a_day


def redeployment_days(
    personnel: float, km: float, trains_a_day: float, figures: RailFigures
) -> float:
    """Days from the first man on the ramp to the last off it, on a line that is free.

    Loading the first train, all trains past one point, the run of the last, unloading it.
    """
    trains = days_of_trains(personnel, trains_a_day, figures)
    return 2.0 * figures.loading + trains + km / figures.km

"""What the scenario alone says of an outcome: whether an order sets it, and where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from sandtable.outcomes import CAPTURED, SURRENDERED, Parsed, of_phase
from sandtable.scenario.orders import LANDINGS
from sandtable.scenario.resolved import Axis, Order, ResolvedScenario

_ENDINGS = frozenset({"cease-fire", "surrender"})
# An order that most of its addressees ignore sets nothing.
_MOST = 0.5


def given(scenario: ResolvedScenario) -> frozenset[str]:
    """Return the outcomes that an order of the scenario sets, of each phase too. No record is read.

    ``captured/<place>``, where an order lands a force from the sea or the air there: it says on
    which day at the latest, even if a column on an axis may come sooner, or the landing may have to
    be fought. ``surrendered/<formation>``, where orders to cease fire or to surrender address at
    least half of its first strength: from them on it is whoever comes. An order counts if the
    mechanism that carries it out is on, if it is given within the campaign, and if at least half of
    its addressees heed it; one that waits for an event of the campaign sets no date. Orders of
    other kinds start a march or a fight, whose outcome is the model's own. Of a run
    through phases these are outcomes within a phase.
    """
    if scenario.phases:
        return frozenset(
            of_phase(part.phase, name) for part in scenario.phases for name in given(part)
        )
    orders = {order.id: order for order in scenario.orders}
    set_by_order = set[str]()
    addressed = set[str]()
    for order in scenario.orders:
        if order.when > scenario.days or order.heeded < _MOST or _waits(order, orders):
            continue
        if order.what in LANDINGS and order.place and scenario.mechanisms.landing:
            set_by_order.add(CAPTURED.name(place=order.place))
        if order.what in _ENDINGS and scenario.mechanisms.cease_fire:
            addressed.update(order.who)
    by_id = scenario.formations_by_id
    for formation, below in scenario.combat_below.items():
        strength = {id: by_id[id].personnel for id in below}
        told = fsum(men for id, men in strength.items() if id in addressed)
        if told and told >= _MOST * fsum(strength.values()):
            set_by_order.add(SURRENDERED.name(formation=formation))
    return frozenset(set_by_order)


def _waits(order: Order, orders: Mapping[str, Order]) -> bool:
    """Whether an order waits for an event of the campaign, itself or through other orders."""
    at: Order | None = order
    while at is not None and at.after is not None:
        if at.after.kind != "order":
            return True
        at = orders.get(at.after.name)
    return False


def cluster(outcome: Parsed, scenario: ResolvedScenario) -> str:
    """Return with which outcomes this one goes: ``axis/<axis>``, ``side/<side>`` or ``all``.

    A place belongs to the first axis that has it as an objective, else to the first that leads
    there, else to the side that holds it at H-hour; a formation, and losses, to their side.
    """
    slots = outcome.slots
    if "axis" in slots:
        return f"axis/{slots['axis']}"
    if "place" in slots:
        return _of_place(slots["place"], scenario)
    # The losses of sides and of formations have the same form.
    id = slots.get("formation", slots.get("side", ""))
    formation = scenario.formations_by_id.get(id)
    if formation is not None:
        return f"side/{formation.side}"
    return f"side/{id}" if id else "all"


def _of_place(place: str, scenario: ResolvedScenario) -> str:
    def aims(axis: Axis) -> bool:
        return any(objective == place for objective, _ in axis.objectives)

    for axis in sorted(scenario.axes, key=lambda axis: not aims(axis)):
        if place in axis.places:
            return f"axis/{axis.id}"
    held = scenario.places_by_id.get(place)
    return f"side/{held.side}" if held else "all"

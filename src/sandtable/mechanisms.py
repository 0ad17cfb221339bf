"""The model's mechanisms: what a scenario lists and ``--without`` switches off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any


def _means(what: str) -> Any:
    return field(default=True, metadata={"means": what})


@dataclass(frozen=True, slots=True)
class Mechanisms:
    """Which mechanisms are on, each under its name with underscores for hyphens.

    They stand in the order in which docs/model.md treats them.
    """

    terrain: bool = _means("ground slows the march and the opposed advance")
    road: bool = _means("track, road or none sets the pace and the winding of a leg")
    river: bool = _means("rivers, wire and forest at the start of a leg cost time")
    demolition: bool = _means(
        "bridges and tunnels are blown up before an attacker, or fall to him intact"
    )
    weather: bool = _means(
        "rain slows the march on legs that it softens, and wet days change losses and odds"
    )
    march_fatigue: bool = _means("long marches need days of rest")
    forward_detachment: bool = _means(
        "a forward detachment runs ahead of its column within a bound, takes what it can, and "
        "waits for the main body before what it can't"
    )
    attrition: bool = _means("engaged formations lose personnel, tanks and guns by the named law")
    combined_arms: bool = _means(
        "tanks that attack without infantry, and before tank hunters, are lost sooner"
    )
    artillery: bool = _means(
        "guns in range support a fight from outside, bombard a place by order, and answer"
    )
    opposed_advance: bool = _means(
        "a defended zone is crossed at the opposed rate, and crossing it penetrates"
    )
    pursuit: bool = _means(
        "a column that has broken a defence goes on at the pace of exploitations, halts included"
    )
    contact: bool = _means(
        "pursuit, rear security and holding within reach of an enemy cost men without a battle"
    )
    surprise: bool = _means("an unexpected attack is quicker and cheaper, fading over three days")
    night: bool = _means(
        "by order columns attack or march in the hours of darkness alone, slower and less observed"
    )
    combat_fatigue: bool = _means("effectiveness falls in action and recovers at rest")
    cohesion: bool = _means("a defence gives way by a hazard, and an attack is broken off by one")
    envelopment: bool = _means("flank exposure and penetration raise the hazard")
    neighbours: bool = _means("a neighbour's withdrawal raises the hazard")
    withdrawal: bool = _means("a broken formation falls back instead of dissolving")
    encirclement: bool = _means("a formation without a friendly path to supply is cut off")
    fortification: bool = _means("works give the posture of the defence")
    frontage: bool = _means("a front has room for so many men of either side and no more")
    siege: bool = _means("fortified regions can be masked or besieged by a detachment")
    fuel: bool = _means("columns halt when they outrun their lift")
    ammunition: bool = _means(
        "an attack whose line of communication is cut or too long runs out of ammunition"
    )
    supply: bool = _means("a cut line of communication wears a formation down")
    order_delay: bool = _means("orders arrive late, later still from an absent headquarters")
    rules_of_engagement: bool = _means(
        "a border is not crossed, and weapons are held back, for as long as a side may not"
    )
    cease_fire: bool = _means("a cease-fire reaches formations at different times or not at all")
    capitulation: bool = _means("a formation that ceased fire or is cut off becomes prisoners")
    rail: bool = _means("formations are redeployed by railway")
    reinforcement: bool = _means("formations arrive by order")
    second_echelon: bool = _means("a stalled attack commits the formations behind the first")
    counterattack: bool = _means("formations attack by order to relieve or retake")
    relief: bool = _means("who is cut off is relieved, or breaks out, by order")
    landing: bool = _means("troops land from sea and air ahead of the columns")
    lift: bool = _means("craft put troops over water wave by wave, their tanks and guns after them")
    fire_on_water: bool = _means("fire from the shore sinks craft and men before they land")
    airlift: bool = _means("fuel is flown to halted columns")
    air: bool = _means("aircraft fly, are lost, and help the fight below")
    air_weather: bool = _means("rain keeps aircraft on the ground")
    overrun_parks: bool = _means("airfields and parks that are taken give up what stands there")
    desertion: bool = _means("unreliable troops leave at first contact")
    repair: bool = _means("part of the disabled armour returns")

    @classmethod
    def only(cls, names: Iterable[str]) -> Mechanisms:
        """Those named on, all others off. Raises KeyError for a name that isn't one."""
        off = dict.fromkeys(_FIELDS.values(), False)
        return cls(**off | {_FIELDS[name]: True for name in names})

    @property
    def on(self) -> tuple[str, ...]:
        """Names of those that are on."""
        return tuple(name for name, attribute in _FIELDS.items() if getattr(self, attribute))

    @property
    def off(self) -> tuple[str, ...]:
        """Names of those that are off."""
        return tuple(name for name, attribute in _FIELDS.items() if not getattr(self, attribute))

    def without(self, *names: str) -> Mechanisms:
        """The same with some more switched off. Raises KeyError for a name that isn't one."""
        off = {_FIELDS[name] for name in names}
        return type(self)(**{a: a not in off and getattr(self, a) for a in _FIELDS.values()})


_FIELDS = {f.name.replace("_", "-"): f.name for f in fields(Mechanisms)}

MECHANISMS: dict[str, str] = {
    f.name.replace("_", "-"): f.metadata["means"] for f in fields(Mechanisms)
}
"""Name of each mechanism and what it does."""

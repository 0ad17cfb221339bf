"""The model's mechanisms by name: what a scenario lists and ``--without`` switches off."""

from __future__ import annotations

MECHANISMS: dict[str, str] = {
    "terrain": "ground slows the march and the opposed advance",
    "road": "track, road or none sets the pace and the winding of a leg",
    "river": "rivers, wire and forest at the start of a leg cost time",
    "weather": "rain slows the march on legs that it softens, and wet days change losses and odds",
    "march-fatigue": "long marches need days of rest",
    "attrition": "engaged formations lose personnel, tanks and guns by the named law",
    "opposed-advance": "a defended zone is crossed at the opposed rate, and crossing it penetrates",
    "surprise": "an unexpected attack is quicker and cheaper, fading over three days",
    "combat-fatigue": "effectiveness falls in action and recovers at rest",
    "cohesion": "a defence gives way by a hazard, and an attack is broken off by one",
    "envelopment": "flank exposure and penetration raise the hazard",
    "neighbours": "a neighbour's withdrawal raises the hazard",
    "withdrawal": "a broken formation falls back instead of dissolving",
    "encirclement": "a formation without a friendly path to supply is cut off",
    "fortification": "works give the posture of the defence",
    "siege": "fortified regions can be masked or besieged by a detachment",
    "fuel": "columns halt when they outrun their lift",
    "supply": "a cut line of communication wears a formation down",
    "order-delay": "orders arrive late, later still from an absent headquarters",
    "cease-fire": "a cease-fire reaches formations at different times or not at all",
    "capitulation": "a formation that ceased fire or is cut off becomes prisoners",
    "reinforcement": "formations arrive by order",
    "second-echelon": "a stalled attack commits the formations behind the first",
    "counterattack": "formations attack by order to relieve or retake",
    "landing": "troops land from sea and air ahead of the columns",
    "airlift": "fuel is flown to halted columns",
    "air": "aircraft fly, are lost, and help the fight below",
    "desertion": "unreliable troops leave at first contact",
    "repair": "part of the disabled armour returns",
}
"""Name of each mechanism and what it does, in the order in which docs/model.md treats them."""

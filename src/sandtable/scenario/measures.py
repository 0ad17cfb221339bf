"""The unit and range of every quantity that a scenario may hold."""

from __future__ import annotations

from dataclasses import dataclass

MOST: dict[str, float] = {
    "person": 20_000_000,
    "tank": 200_000,
    "gun": 500_000,
    "armoured-car": 200_000,
    "aircraft": 300_000,
    "ship": 100_000,
    "km": 20_100,
    "km/day": 20_100,
    "day": 3_660,
    "train/day": 1_000,
    "sortie": 24,
    "ratio": 1_000,
}
"""What no quantity of a unit exceeds: a slip of the pen is told, and sums stay numbers.

Persons and pieces: more than any state had under arms or built (the Soviet Union's 11 million men
and 100,000 tanks of 1941 to 1945); km: half the way round the Earth; days: ten years; trains: one
in a minute and a half; sorties a day: one an hour.
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity's canonical unit, and the range that it must keep to in that unit.

    Without a ``highest`` of its own it is `MOST` of the unit.
    """

    unit: str
    low: float = 0.0
    highest: float | None = None

    @property
    def high(self) -> float:
        """The upper end of the range."""
        if self.highest is not None:
            return self.highest
        return 1.0 if self.unit == "share" else MOST[self.unit]

    @property
    def allowed(self) -> str:
        """Say the range in words."""
        if self.unit in MOST:
            return f"a number from {self.low:g} to {self.high:,.0f}, in {self.unit}"
        kind = "share" if self.unit == "share" else "number"
        return f"a {kind} from {self.low:g} to {self.high:g}"


_SHARE = Measure("share")
_KM = Measure("km")
_DAY = Measure("day")

_STRENGTH = {
    "personnel": Measure("person"),
    "tanks": Measure("tank"),
    "guns": Measure("gun"),
    "antitank_guns": Measure("gun"),
    "armoured_cars": Measure("armoured-car"),
    "effectiveness": _SHARE,
    "fortification": _SHARE,
    "desertion": _SHARE,
    "infantry": Measure("person"),
    "tank_hunters": _SHARE,
    "depth_km": _KM,
    "range_km": _KM,
}

# By the table or subtable of the scenario in which the quantity stands.
MEASURES: dict[str, dict[str, Measure]] = {
    "SideTable": {
        "killed": _SHARE,
        "captured": _SHARE,
        "missing": _SHARE,
        "sick": _SHARE,
        "sick_of_wounded": Measure("ratio"),
        "pocket_endurance": _DAY,
    },
    "PlaceTable": {
        "parked_tanks": Measure("tank"),
        "parked_aircraft": Measure("aircraft"),
        "depot_km": _KM,
        "front_km": _KM,
    },
    "LegTable": {
        "length_km": _KM,
        "trains": Measure("train/day"),
        "front_km": _KM,
        "fuel": Measure("ratio"),
    },
    "DemolitionTable": {
        "chance": _SHARE,
        "span_km": _KM,
        "repair_days": _DAY,
        "taken": _SHARE,
    },
    "Establishment": _STRENGTH,
    "FormationTable": _STRENGTH,
    "OrderOfBattleTable": _STRENGTH,
    "ForwardDetachmentTable": {"bound_km": _KM},
    "FuelTable": {
        "carried_km": _KM,
        "lift_km": Measure("km/day"),
        "lift_halves_km": Measure("km", 1.0),
    },
    "AmmunitionTable": {
        "carried_days": _DAY,
        "lift": Measure("ratio"),
        "lift_halves_km": Measure("km", 1.0),
    },
    "AxisTable": {"surprise": Measure("code", 0.0, 3.0), "frontage_km": _KM},
    "OrderTable": {"delay": _DAY, "heeded": _SHARE, "amount_km": _KM, "days": _DAY},
    "LiftTable": {
        "craft": Measure("ship", 1.0),
        "men": Measure("person", 1.0),
        "turn_round": Measure("day", 0.01),
        "weapons_after": _DAY,
    },
    "WeatherTable": {"rain": _SHARE},
    "AirTable": {
        "aircraft": Measure("aircraft"),
        "serviceable": _SHARE,
        "sorties": Measure("sortie"),
        "losses": _SHARE,
    },
}
"""``MEASURES[model][key]``; rates are a day (`sick`, `sorties`) where the schema says so."""

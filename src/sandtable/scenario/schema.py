"""The only list of a scenario's keys: what a person may write in the TOML file.

Quantities are never bare numbers: each is a fact of the register, a fact scaled with a
reason, or an assumption with a reason (see ``Quantity`` and ``Moment``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from sandtable.vocabulary import (
    PALETTE,
    AdvanceRule,
    AttritionLaw,
    BaseMap,
    Coalition,
    Conduct,
    Echelon,
    FormationType,
    NightAction,
    Obstacle,
    OrderKind,
    PlaceKind,
    RainEffect,
    Road,
    Terrain,
    Weapon,
)

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Colour = Annotated[str, Field(pattern=rf"^(#[0-9a-fA-F]{{6}}|{'|'.join(PALETTE)})$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


# Conditions, not alternatives: editors then say what is missing, and of a bare number only that
# it is none of these tables.
_FORMS: JsonDict = {
    "if": {"required": ["assumed"]},
    "then": {"required": ["because"], "properties": {"fact": False, "times": False}},
    "else": {
        "required": ["fact"],
        "if": {"required": ["times"]},
        "then": {"required": ["because"]},
    },
}


class Document(BaseModel):
    """Base of everything a scenario file may hold: unknown keys are errors."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )


class Quantity(Document):
    """A number with its reason, in exactly one of three forms.

    ``{fact = "id"}`` or ``{fact = ["id", "id"]}`` (disputed: the range that spans them);
    ``{fact = "id", times = 0.3, because = "..."}`` (derived);
    ``{assumed = 4000, because = "..."}`` or ``{assumed = [3500, 5000], because = "..."}``.
    A range is drawn anew, uniformly, in each replication. ``until = "a muster roll of that month"``
    may follow a reason: what would replace the assumption.
    """

    model_config = ConfigDict(json_schema_extra=_FORMS)

    fact: str | tuple[str, ...] | None = None
    times: float | tuple[float, float] | None = None
    assumed: float | tuple[float, float] | None = None
    because: Text | None = None
    until: Text | None = None
    """What would replace the assumption: the document or the figure that is missing."""


class Moment(Document):
    """A date and hour with its reason: a fact of unit ``date``, or an assumption.

    ``{fact = "id"}``, ``{assumed = 1945-08-12T06:00:00+09:00, because = "..."}``, or a range
    of two such times.
    """

    model_config = ConfigDict(json_schema_extra=_FORMS)

    fact: str | tuple[str, ...] | None = None
    assumed: datetime | tuple[datetime, datetime] | None = None
    because: Text | None = None
    until: Text | None = None
    """As that of a quantity."""


class Header(Document):
    """``[scenario]``: what is simulated, between which moments, by which laws."""

    title: Text
    """What figures and tables are headed with."""
    campaign: Identifier
    """The record that it is compared with: the name of a file in the register's ``outcomes/``. It
    changes no result; a name that the register lacks has nothing to be compared with."""
    summary: Text
    """What it is about, in a sentence or two."""
    start: datetime
    """H-hour, with its zone; day 1 begins here."""
    end: datetime
    """When the run ends, whatever is going on then; without a zone, in that of ``start``. A day
    that has not come by then counts as never."""
    mechanisms: tuple[str, ...] | None = None
    """Names of those that are on; absent: all of them."""
    attrition: AttritionLaw = "full"
    """Law of casualties in the model (docs/model.md#attrition): by which strengths, and by what
    else that is known beforehand. ``full`` takes in most."""
    advance: AdvanceRule = "fitted"
    """Rule by which ground is gained against a defence (docs/model.md#opposed-advance): fitted on
    the battle table, or Dupuy's published rates by type, terrain and odds."""


class MapTable(Document):
    """``[map]``: what the campaign's map is drawn on, cut to the campaign's extent.

    No result depends on it. A file of one's own is a GeoJSON FeatureCollection in longitude and
    latitude. Each feature has the properties ``layer`` and ``source``: ``land``, ``lake`` and
    ``dunes`` are polygons, ``river``, ``border`` (today's) and ``frontier`` (of the time, or as
    claimed) are lines. ``name`` is optional; ``schematic = true`` marks what was not surveyed: its
    lines are broken, and the caption lists it. A ``rank`` of 1 stands back, and above 1 no name is
    shown. A file without ``land`` is land all over.
    """

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["base", "file"]}})

    base: BaseMap | None = None
    """A shipped map, after Natural Earth: the world at 1:50m or northeast Asia at 1:10m; absent:
    the world, or none where a ``file`` is given."""
    file: Text | None = None
    """A map of one's own, by its path from the scenario's folder, inside it."""
    borders: bool | None = None
    """Whether borders (the layer ``border``) are drawn; absent: those of a ``file`` are, those of
    a shipped map, which are today's, are not."""
    note: Text | None = None
    """A sentence of one's own for the caption, as on what the map is good to."""


class BorderTable(Document):
    """A border that formations must not cross."""

    beyond: tuple[Identifier, ...]
    """Places that lie beyond it: nobody of these marches into them or lands there."""
    until: Moment | None = None
    """When it may be crossed, which may be before H-hour or after the end; absent: never."""


class BanTable(Document):
    """Weapons that a side may not use."""

    weapons: tuple[Weapon, ...]
    """Its formations have no tanks with them, its aircraft stay on the ground."""
    until: Moment | None = None
    """When it may use them, which may be before H-hour or after the end; absent: never."""


class SideTable(Document):
    """``[[side]]``: a belligerent, its coalition, and how its losses divide."""

    id: Identifier
    """Not `both`, which in the register means all sides, nor the id of a formation."""
    coalition: Coalition
    name: Text | None = None
    """Absent: the id."""
    colour: Colour | None = None
    """In figures; absent: the next of the coalition's own row of the palette."""
    army: Text | None = None
    """Nation of the battle table whose army this is, in its era, the year of H-hour; absent, or
    of an era that the table lacks: unknown, and drawn from the spread of all armies."""
    killed: Quantity
    """Share of battle casualties killed (0-1)."""
    captured: Quantity
    """Share of battle casualties taken prisoner in the fighting (0-1)."""
    missing: Quantity
    """Share of battle casualties missing (0-1); the rest are wounded."""
    sick: Quantity | None = None
    """Sick a day as a share of strength; absent: none."""
    sick_of_wounded: Quantity | None = None
    """Sick for each wounded man, beside those a day; absent: none."""
    pocket_endurance: Quantity | None = None
    """Mean days that a formation holds out once cut off; absent: it never gives up unordered."""
    border: BorderTable | None = None
    """Absent: its formations may go wherever they can."""
    ban: BanTable | None = None
    """Absent: it may use whatever it has."""


class PlaceTable(Document):
    """``[[place]]``: a node of the road net."""

    id: Identifier
    name: Text
    other_names: tuple[str, ...] = ()
    """Other spellings, which messages know too."""
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    kind: PlaceKind
    """What it is. The model treats all alike; a ``fortified-region`` also has outcomes
    ``battle/...`` of its own. Works are a formation's ``fortification``."""
    owner: Identifier
    """Side that holds it at H-hour."""
    battle: Identifier | tuple[Identifier, ...] | None = None
    """Name of the battle to which fighting here is counted, or a list of names; several places may
    share one, and a place may lend a battle its id. Outcomes ``battle/...`` are reported for each
    name; absent: only a fortified region has one, its id."""
    depot_km: Quantity | None = None
    """Fuel that falls to the column which takes the place, as distance on rolling ground."""
    parked_tanks: Quantity | None = None
    """Tanks of the owner's without crews, in no formation; lost with the place."""
    parked_aircraft: Quantity | None = None
    """Aircraft of the owner's that do not fly, in no air force; lost with the place."""
    front_km: Quantity | None = None
    """Width of the ground on which the place can be attacked, all ways to it together, which
    bounds how many can fight there (docs/model.md#frontage); absent: it bounds nobody."""
    overlooks: tuple[Identifier, ...] = ()
    """Places on which fire is observed from here (docs/model.md#artillery), by whoever holds it."""


class DemolitionTable(Document):
    """A bridge or tunnel on a leg that one side has prepared for demolition."""

    side: Identifier
    """Whose engineers blow it up when an enemy column sets out on the leg."""
    chance: Quantity
    """Chance that they do, and succeed (0-1)."""
    span_km: Quantity | None = None
    """Length to be bridged, at published rates (docs/model.md#demolition)."""
    repair_days: Quantity | None = None
    """Days until it can be passed again, in place of `span_km`: of a tunnel, or where a bridge's
    are known."""
    taken: Quantity | None = None
    """Chance that a forward detachment, or troops landed on the other side, take it intact (0-1);
    absent: that of coups de main (docs/model.md#demolition)."""


class LegTable(Document):
    """``[[leg]]``: a way between two places, passable in both directions."""

    from_: Identifier = Field(alias="from")
    to: Identifier
    length_km: Quantity | None = None
    """Absent: great-circle distance times the winding of the road."""
    terrain: Terrain
    """Ground, which sets the pace of a march (docs/model.md#terrain), off the road more than on it;
    ``sea`` is a passage."""
    road: Road
    """What is marched on, which sets the pace (docs/model.md#road), and the length where none is
    given."""
    obstacle: Obstacle = "none"
    """What is in the way at its start and costs time (docs/model.md#river), once a march."""
    lift: Identifier | None = None
    """Craft by which it is passed, as a strait or a great river; absent: it is marched."""
    rain: RainEffect = "none"
    """What a wet day does to a march (docs/model.md#weather) on it: nothing, slow it, or nearly
    close it."""
    fuel: Quantity | None = None
    """Fuel burnt on it over that on rolling ground (docs/model.md#fuel); absent: half as much again
    in the mountains, elsewhere the same."""
    trains: Quantity | None = None
    """Military trains a day in each direction on the railway along it (docs/model.md#rail);
    absent: a `rail` leg has what single and double lines take, any other no railway."""
    demolition: DemolitionTable | None = None
    """Absent: nothing on it can be blown up."""
    phases: tuple[Identifier, ...] | None = None
    """Phases in which there is such a way, as over a bridge that stands for a time; absent: all."""
    front_km: Quantity | None = None
    """Width on which a column can deploy on this way, as in a defile (docs/model.md#frontage);
    absent: it bounds nobody."""


class Strength(Document):
    """What a formation or an establishment holds; an absent count means none."""

    personnel: Quantity | None = None
    tanks: Quantity | None = None
    guns: Quantity | None = None
    antitank_guns: Quantity | None = None
    armoured_cars: Quantity | None = None
    effectiveness: Quantity | None = None
    """Combat value of its personnel against the fully trained and equipped (0-1)."""
    fortification: Quantity | None = None
    """Degree of the works it holds (0 none, 1 permanent concrete)."""
    desertion: Quantity | None = None
    """Share of its personnel that leaves at first contact (0-1)."""
    infantry: Quantity | None = None
    """Those of its personnel who fight on foot beside tanks (docs/model.md#combined-arms); absent:
    enough for its own tanks."""
    tank_hunters: Quantity | None = None
    """How far it has hand-held anti-tank weapons, and squads told off to close with tanks
    (docs/model.md#combined-arms): 0 as infantry commonly has, 1 throughout."""
    depth_km: Quantity | None = None
    """Depth of the zone it defends; absent: by echelon (docs/model.md)."""
    range_km: Quantity | None = None
    """How far its guns fire over ground (docs/model.md#artillery); absent: for its own fight
    alone."""


class Establishment(Strength):
    """``[[establishment]]``: figures shared by formations of one pattern."""

    id: Identifier


class FormationTable(Strength):
    """``[[formation]]``: a unit of the order of battle; its own keys override its establishment."""

    id: Identifier
    name: Text
    side: Identifier
    type: FormationType
    """How it moves (docs/model.md#terrain): on foot, on horse, by motor or on tracks.
    ``headquarters`` is the sum of what is below it and fights by itself not at all. ``services``
    are rear troops: they neither fight nor stand in the way (docs/model.md#services)."""
    echelon: Echelon
    """Its size by name, from which comes the depth of the zone it defends
    unless it is given (docs/model.md#opposed-advance); it changes nothing else."""
    parent: Identifier | None = None
    """Headquarters above it."""
    establishment: Identifier | None = None
    """Whose figures it has where it gives none of its own."""
    start: Identifier | None = None
    """Place where it stands at H-hour; absent for headquarters and for what lands later."""


class Objective(Document):
    """A place that an axis is to reach, and by when it was planned to."""

    place: Identifier
    planned: Moment | None = None


class BypassTable(Document):
    """How a column deals with a fortified region on its way, and whom it leaves behind."""

    place: Identifier
    how: Conduct
    detachment: tuple[Identifier, ...] = ()


class ForwardDetachmentTable(Document):
    """The mobile part of a column that runs ahead of its main body (docs/model.md)."""

    formations: tuple[Identifier, ...]
    """The first of the column, in order of march; the others are the main body."""
    bound_km: Quantity
    """How far ahead of the main body it may be."""


class FuelTable(Document):
    """A column's fuel, told in kilometres on rolling ground."""

    carried_km: Quantity
    """Distance that the fuel carried at H-hour gives."""
    lift_km: Quantity
    """Distance a day that the lift gives at the railhead itself."""
    lift_halves_km: Quantity
    """Length of line of communication over which the lift halves."""
    depot: Identifier | None = None
    """Place at which that line begins; absent: the first place of the axis."""


class AmmunitionTable(Document):
    """A column's ammunition, told in days of attack."""

    carried_days: Quantity
    """Days of attack for which the ammunition carried at H-hour lasts."""
    lift: Quantity
    """Days of attack that the lift brings a day at the depot itself (1: as much as is fired)."""
    lift_halves_km: Quantity
    """Length of line of communication over which the lift halves."""
    depot: Identifier | None = None
    """Place at which that line begins; absent: the first place of the axis."""


class AxisTable(Document):
    """``[[axis]]``: an axis of advance with its column."""

    id: Identifier
    name: Text
    formations: tuple[Identifier, ...]
    """In order of march."""
    places: tuple[Identifier, ...]
    """In order, from the starting place to the last."""
    objectives: tuple[Objective, ...] = ()
    neighbours: tuple[Identifier, ...] = ()
    """Axes on its flanks."""
    starts: Moment | None = None
    """Absent: H-hour."""
    surprise: Quantity | None = None
    """0 none, 1 minor, 2 substantial, 3 complete; absent: none."""
    frontage_km: Quantity | None = None
    """Width of its sector; absent: unknown."""
    fortified_regions: tuple[BypassTable, ...] = ()
    """Absent for a place: it is assaulted."""
    forward_detachment: ForwardDetachmentTable | None = None
    """Absent: the head of the column never waits for what is behind it but to attack."""
    fuel: FuelTable | None = None
    """Absent: it marches on foot or horse and isn't bound by fuel."""
    ammunition: AmmunitionTable | None = None
    """Absent: it always has enough."""
    border: BorderTable | None = None
    """A border for its column alone, besides its side's."""
    by_night: tuple[NightAction, ...] | None = None
    """What its column does in darkness only (docs/model.md#night); absent: nothing."""
    phases: tuple[Identifier, ...] | None = None
    """Phases in which its column marches; absent: all."""


class After(Document):
    """What must have happened before an order is given; one of these keys."""

    order: Identifier | None = None
    """Another order, which has reached the first of those it is addressed to."""
    captured: Identifier | None = None
    """A place, which has changed hands."""
    encircled: Identifier | None = None
    """A formation, which has been cut off; of a headquarters half of the strength below it."""
    ceased_fire: Identifier | None = None
    """A formation, likewise, which has heard of a cease-fire and obeyed."""
    surrendered: Identifier | None = None
    """A formation, likewise, which has surrendered."""


class OrderTable(Document):
    """``[[order]]``: who does what, from when, and how late it reaches them."""

    id: Identifier
    what: OrderKind
    who: tuple[Identifier, ...]
    """Formations (all below a headquarters) or axes."""
    when: Moment | None = None
    """When it is given; with ``after``, not before that. Absent: as soon as that has happened."""
    after: After | None = None
    """What it waits for; if that never happens, it is never given. Absent: it has a ``when``."""
    delay: Quantity | None = None
    """Days until it arrives, drawn for each formation by itself; absent: none."""
    heeded: Quantity | None = None
    """Share of formations that hear and obey (0-1); absent: all."""
    place: Identifier | None = None
    """Where to: counterattack, relieve, break out (absent: to the nearest place in supply),
    redeploy, withdraw, reinforce, land."""
    axis: Identifier | None = None
    """Axis that reinforcements join, and landed troops once the place is taken."""
    lift: Identifier | None = None
    """Craft by which troops land (land-from-sea); absent: all come ashore at once."""
    amount_km: Quantity | None = None
    """Fuel flown in, as distance on rolling ground (airlift-fuel)."""
    days: Quantity | None = None
    """How long it lasts (bombard)."""
    by_night: tuple[NightAction, ...] | None = None
    """What is done in darkness only (counterattack, relieve), as of an axis; absent: nothing."""
    phases: tuple[Identifier, ...] | None = None
    """Phases in which it is given; absent: all."""


class WeatherTable(Document):
    """``[[weather]]``: chance of rain on a day for the legs that end in these places."""

    id: Identifier
    places: tuple[Identifier, ...]
    rain: Quantity
    """Chance that a day is wet (0-1)."""
    phases: tuple[Identifier, ...] | None = None
    """Phases in which it holds; absent: all."""


class LiftTable(Document):
    """``[[lift]]``: craft that carry troops over water, wave after wave."""

    id: Identifier
    side: Identifier
    """Whose formations it carries, and those of its coalition."""
    craft: Quantity
    """Craft that carry troops, without escorts."""
    men: Quantity
    """Men whom a craft carries in a wave."""
    turn_round: Quantity
    """Days from one wave to the next."""
    weapons_after: Quantity | None = None
    """Days by which tanks, guns and vehicles come ashore after the last men of their formation, and
    not while there is fire on the water; absent: with the men."""
    fire_from: tuple[Identifier, ...] = ()
    """Places whose defenders fire on the water, besides the place of landing."""
    rain: RainEffect = "none"
    """What a wet day at the place of landing does: nothing, slow the waves, or nearly stop them;
    where it ``closes``, no landing begins on it."""


class AirTable(Document):
    """``[[air]]``: an air force: all of a side's aircraft, or an air army or division of it."""

    id: Identifier | None = None
    """Absent: the side's; of several forces of a side each has its own."""
    name: Text | None = None
    """Absent: its side's air force."""
    side: Identifier
    aircraft: Quantity
    serviceable: Quantity
    """Share fit to fly (0-1)."""
    sorties: Quantity
    """Sorties of a serviceable aircraft on a day without rain."""
    losses: Quantity
    """Aircraft lost a sortie against an equal enemy (0-1)."""
    bases: tuple[Identifier, ...] = ()
    """Places with its airfields, evenly divided; absent: none that could be taken."""
    places: tuple[Identifier, ...] = ()
    """Places over which it flies, evenly divided; absent, with no ``axes``: all."""
    axes: tuple[Identifier, ...] = ()
    """Axes over whose places it flies, besides ``places``."""
    rain: RainEffect = "none"
    """What a wet day at a place does to its sorties there: nothing, cut them, or nobody flies."""
    phases: tuple[Identifier, ...] | None = None
    """Phases in which it flies; absent: all."""


class SupplySource(Document):
    """``[[supply]]``: where a side's lines of communication begin."""

    place: Identifier
    side: Identifier
    phases: tuple[Identifier, ...] | None = None
    """Phases in which it is one; absent: all."""


class PhaseTable(Document):
    """``[[phase]]``: a part of the campaign that can be run by itself (docs/model.md#phases).

    It begins with the forces, places and holders that the documents have at that time, whatever
    the phases before it came to. Between two phases nothing is simulated.
    """

    id: Identifier
    name: Text
    start: datetime
    """Its H-hour; without a zone, in that of ``scenario.start``."""
    end: datetime
    """Its end, at the latest when the next begins."""
    formations: tuple[Identifier, ...] = ()
    """Who takes part as ``[[formation]]`` describes it: formations, and headquarters with all
    below them that have men there. Those with an ``[[order_of_battle]]`` of the phase take part
    too."""
    attackers: tuple[Identifier, ...] = ()
    """Sides that attack in it, the others being the defenders; absent: as ``side.coalition`` says.
    """
    holders: dict[Identifier, Identifier] = Field(default_factory=dict)
    """Sides that hold places at its start, by place; absent for a place: its ``owner``."""


class OrderOfBattleTable(Strength):
    """``[[order_of_battle]]``: a formation at the start of a phase, by its own keys.

    A key that is absent here is as ``[[formation]]`` has it. With an ``establishment`` the strength
    comes from there and from the keys here alone.
    """

    phase: Identifier
    formation: Identifier
    start: Identifier | None = None
    """Place where it stands when the phase begins."""
    parent: Identifier | None = None
    """Headquarters above it in this phase."""
    establishment: Identifier | None = None


class Variant(Document):
    """``[[variant]]``: a named counterfactual."""

    id: Identifier
    question: Text
    set: dict[str, object] = Field(default_factory=dict)
    """Key paths and their new values, as ``--set`` takes them."""
    without: tuple[str, ...] = ()
    """Names of mechanisms that are switched off."""


class ScenarioFile(Document):
    """A whole scenario, from one TOML file or a folder of them."""

    scenario: Header
    map: MapTable = MapTable()
    side: tuple[SideTable, ...]
    place: tuple[PlaceTable, ...]
    leg: tuple[LegTable, ...]
    establishment: tuple[Establishment, ...] = ()
    formation: tuple[FormationTable, ...]
    axis: tuple[AxisTable, ...]
    order: tuple[OrderTable, ...] = ()
    lift: tuple[LiftTable, ...] = ()
    weather: tuple[WeatherTable, ...] = ()
    air: tuple[AirTable, ...] = ()
    supply: tuple[SupplySource, ...] = ()
    phase: tuple[PhaseTable, ...] = ()
    order_of_battle: tuple[OrderOfBattleTable, ...] = ()
    variant: tuple[Variant, ...] = ()

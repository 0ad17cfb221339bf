"""What `sandtable check` demands of a scenario beyond the form of each key, in words.

`checks.py`, its companions, `resolve.py` and `quantities.py` demand it. A test holds every demand
against the invalid scenarios that break it, so that a new check needs its line here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from sandtable.calendar import FIRST_YEAR, LAST_YEAR
from sandtable.laws.coefficients import load_coefficients
from sandtable.scenario.measures import MOST
from sandtable.scenario.orders import NEEDS, TAKES
from sandtable.vocabulary import OrderKind

DEMANDS: Mapping[str, Mapping[str, str]] = {
    "The whole": {
        "time": f"`start` has a zone and lies in the years {FIRST_YEAR} to {LAST_YEAR}; `end` "
        f"comes after it, by at most {MOST['day']:,} days.",
        "campaign": "`campaign` is one of the register's; beside the shipped register it may also "
        "be a name that resembles none of them.",
        "mechanism": "Mechanisms are those [listed above](#mechanisms).",
        "name": "Whatever an entry refers to is in the scenario: sides, places, formations, "
        "establishments, axes, phases.",
        "once": "An id is used once in its table, and two places have one leg.",
    },
    "Map": {
        "map": "`[map]` has `base` or `file`.",
        "map-extent": "A place of the scenario lies on the map.",
        "map-file": "`file` is a GeoJSON file inside the scenario's folder.",
        "geojson": "Each of its features has a `layer`, the geometry that belongs to it and a "
        "`source`; positions are in degrees, rings are closed, and `scale` is above 0.",
    },
    "Sides and supply": {
        "coalition": "There is an attacker and a defender.",
        "side": "A side's id is neither `both` nor the id of a formation.",
        "army": "`army` is a nation of the battle table: {nations}.",
        "shares": "`killed`, `captured` and `missing`, each at its highest, come to at most 1.",
        "supply": "Each coalition that has formations has a `[[supply]]`.",
        "supply-held": "A `[[supply]]` lies in a place that its coalition holds at H-hour.",
    },
    "Ground": {
        "leg": "A leg joins two different places.",
        "joined": "A leg leads to every place.",
        "demolition": "A demolition has either `span_km` or `repair_days`.",
        "length": "A `length_km` is above 0 and not far below the straight line: not under 0.8 of "
        "it less 2 km.",
    },
    "Order of battle": {
        "combat": "A combat formation, which is any but a headquarters and services, has "
        "`personnel` and `effectiveness`, its own or its establishment's.",
        "appears": "It appears somewhere: it has a `start`, marches on an axis, or comes by an "
        "order that lands it or brings it on as a reinforcement.",
        "stands": "It starts in a place that its coalition holds at H-hour.",
        "headquarters": "A headquarters has no strength and no `start`, being the sum of what is "
        "below it, and marches in no column.",
        "services": "Services have `personnel`, none of the keys that tell how a formation fights "
        "(`effectiveness`, `fortification`, `desertion`, `infantry`, `tank_hunters`, `depth_km`, "
        "`range_km`), "
        "and march in no column.",
        "parent": "A `parent` is a headquarters of the same coalition, and none is above itself.",
    },
    "Axes of advance": {
        "axis": "An axis has a formation and two places or more, none of them twice.",
        "way": "A leg joins each of its places to the next.",
        "begins": "It begins where its formations stand: the `start` of each, if it has one, is "
        "the axis's first place.",
        "column": "Its formations are of one coalition and march on no other axis.",
        "on-axis": "Its objectives and fortified regions lie on it, each named once.",
        "detachment": "A detachment is of its column; `besiege` needs one.",
        "forward": "A forward detachment is the first of its column and leaves a main body behind "
        "it.",
        "depot": "A `depot` of fuel or ammunition is a place of its coalition, from which a way "
        "leads to its first place.",
        "neighbour": "Its neighbours are other axes of its coalition.",
        "starts": "It starts between H-hour and the end.",
    },
    "Rules of engagement": {
        "border": "Beyond a border lie places that the other coalition holds at H-hour, one at "
        "least.",
        "ban": "A ban names a weapon.",
    },
    "Quantities and moments": {
        "form": "Each has one form, and a reason where one is asked for.",
        "fact": "A fact is one of the register, in a unit that converts to the key's; a moment's "
        "is a date. A claim is no fact.",
        "near": f"A moment lies at most {MOST['day']:,} days from H-hour.",
        "closed": "A fact with an open end stands with another that closes it.",
        "range": "Numbers are finite and within what their key may hold; a range has its low end "
        "first.",
    },
    "Phases": {
        "phase-time": "Phases follow one another between `scenario.start` and `end`, none of them "
        "before the last is over.",
        "phase-forces": "Somebody takes part in each.",
        "phase-whole": "Whatever is demanded of a scenario is demanded of each phase by itself: "
        "who marches, stands and is ordered in it takes part in it.",
    },
    "Variants": {
        "variant": "A variant sets keys that there are, of entries that there are, to what may "
        "stand there, or switches mechanisms off: it changes something.",
    },
    "Orders": {
        "who": "An order names axes or formations in being; a headquarters stands for the "
        "formations below it, and there must be some. `airlift-fuel` goes to axes, `advance` to "
        "both, all others to formations.",
        "order-keys": "It has the keys that its kind needs, and none that mean nothing to it "
        "(below).",
        "reach": "`withdraw`, `counterattack`, `relieve` and `break-out` name a place to which a "
        "way leads, `redeploy` one to which a railway does.",
        "when": "It is given between H-hour and the end, or waits for something under `after`.",
        "guns": "Who is to `bombard` has `guns` and `range_km`, its own or its establishment's.",
        "lift": "Its `lift` is of the coalition whose formations land.",
        "after": "It waits for one thing, of an entry of the scenario, and no order for itself.",
    },
}


def render_demands() -> Iterator[str]:
    """Yield the lines of the section of docs/scenario-format.md."""
    nations = ", ".join(load_coefficients().nations)
    yield "## What `check` demands"
    yield ""
    yield "Beside the form of each key, in the tables above, `sandtable check` demands this of the"
    yield "entries together, and every other command with it. Each variant is checked as well, and"
    yield "so is the scenario's own register."
    for heading, demands in DEMANDS.items():
        yield from ("", f"### {heading}", "")
        for demand in demands.values():
            yield f"- {demand.format(nations=nations)}"
    yield from ("", "| order | needs | may have |", "|---|---|---|")
    for kind in get_args(OrderKind):
        needs = NEEDS.get(kind, ())
        more = [key for key, kinds in TAKES.items() if kind in kinds and key not in needs]
        yield f"| `{kind}` | {_keys(needs)} | {_keys(sorted(more))} |"


def _keys(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)

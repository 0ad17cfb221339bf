"""Campaigns made up for the figures' tests: the ground is real, every number is invented."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandtable.calendar import Calendar
from sandtable.comparison import Row, Scores, score_run
from sandtable.comparison.verdicts import percentile, quantile, verdict
from sandtable.runs import RunResults
from sandtable.scenario.resolved import Axis, Formation, Leg, Place, ResolvedScenario, Side
from sandtable.shipped import geography_root

TOKYO = timezone(timedelta(hours=9))
CAUSES = ("anti-tank-guns", "artillery", "infantry-incendiaries", "aircraft", "mines-grenades")
SIDES = {
    "ussr": ("Soviet Union", "#D55E00"),
    "mongolia": ("Mongolia", "#E69F00"),
    "japan": ("Japan", "#0072B2"),
    "manchukuo": ("Manchukuo", "#56B4E9"),
    "mengjiang": ("Mengjiang", "#009E73"),
}
LOSSES = {"personnel": "losses/{}/personnel/total", "tanks": "losses/{}/tanks"}
COALITIONS = {"ussr": "attacker", "mongolia": "attacker"}

# Name, latitude, longitude, owner and kind where it is no town.
MANCHURIA = """
Tamsag-Bulag 47.23 117.34 mongolia; Matad 47.0 115.5 mongolia; Sain_Shand 44.9 110.13 mongolia
Yugodzyr 45.9 115.37 mongolia; Staro-Tsurukhaitui 50.2 119.32 ussr; Erenhot 43.65 111.96 mengjiang
Sonid 42.75 112.65 mengjiang; Dolonnor 42.21 116.49 mengjiang; Changpei 41.16 114.73 mengjiang
Kalgan 40.81 114.85 mengjiang; Chengde 40.96 117.97 japan; Shanhaikuan 39.98 119.78 japan
Chihfeng 42.27 118.96 japan; Linsi 43.62 118.06 japan; Tabanshan 43.54 118.67 japan
Kailu 43.61 121.33 japan; Lubei 44.56 120.92 japan; Tuquan 45.39 121.6 japan
Tungliao 43.63 122.26 japan; Taonan 45.34 122.79 japan; Wangyemiao 46.08 122.1 japan
Solun 46.6 121.22 japan; Arshaan 47.18 119.95 japan; Hailar 49.21 119.73 japan fortified-region
Manchouli 49.6 117.39 japan; Yakoshih 49.29 120.72 japan; Pokotu 48.76 121.92 japan pass
Chalantun 48.02 122.74 japan; Tsitsihar 47.32 123.96 japan; Nencheng 49.19 125.23 japan
Peian 48.25 126.5 japan; Sunwu 49.43 127.34 japan fortified-region; Aihun 49.98 127.49 japan
Blagoveshchensk 50.29 127.53 ussr; Chiamussu 46.81 130.33 japan; Tungchiang 47.65 132.52 japan
Fuchin 47.26 132.04 japan; Sansing 46.33 129.57 japan; Paoching 46.33 132.2 japan
Jaoho 46.8 134.02 japan; Leninskoye 47.94 132.62 ussr; Bikin 46.82 134.25 ussr
Hutou 45.98 133.66 japan fortified-region; Lesozavodsk 45.48 133.42 ussr; Hulin 45.77 132.94 japan
Mishan 45.54 131.85 japan; Boli 45.76 130.6 japan; Linkou 45.28 130.27 japan
Mashan 45.2 130.47 japan; Muleng 44.52 130.25 japan; Mutanchiang 44.59 129.62 japan
Hualin 44.68 129.67 japan; Pamientung 44.92 130.53 japan; Suifenho 44.42 131.16 japan
Grodekovo 44.41 131.38 ussr; Tungning 44.1 131.13 japan; Ninguta 44.35 129.49 japan
Wangching 43.32 129.78 japan; Yenchi 42.91 129.52 japan; Hunchun 42.87 130.37 japan
Tunhua 43.38 128.24 japan; Kirin 43.84 126.55 japan; Harbin 45.75 126.65 japan
Changchun 43.87 125.34 japan; Mukden 41.8 123.43 japan; Antung 40.14 124.4 japan
Dairen 38.92 121.65 japan port; Port_Arthur 38.86 121.27 japan port; Chaoyang 41.57 120.46 japan
Seishin 41.78 129.79 japan port; Rashin 42.25 130.3 japan port; Turiy_Rog 45.2 132.0 ussr
Hunchun_frontier 42.9 130.75 ussr; Iman 45.93 133.72 ussr; Bayan_Khoshu 46.6 119.3 mongolia
"""
MANCHURIA_AXES = """
6-guards-tank-army: tamsag-bulag lubei tungliao mukden dairen port-arthur
7-mechanised-corps: tamsag-bulag tuquan taonan changchun
17-army: yugodzyr linsi tabanshan chihfeng chaoyang shanhaikuan
36-army: staro-tsurukhaitui hailar yakoshih pokotu chalantun tsitsihar
39-army: bayan-khoshu solun wangyemiao taonan
53-army: yugodzyr tabanshan kailu
cavalry-mechanised-group-dolonnor: sain-shand dolonnor chengde
cavalry-mechanised-group-kalgan: sain-shand sonid changpei kalgan
1-red-banner-army: turiy-rog pamientung linkou mutanchiang hualin harbin
5-army: grodekovo suifenho muleng mutanchiang ninguta kirin
25-army: grodekovo tungning wangching yenchi
35-army: lesozavodsk hutou hulin mishan boli
10-mechanised-corps: tungning wangching tunhua kirin
2-red-banner-army: blagoveshchensk aihun sunwu peian tsitsihar
15-army: leninskoye tungchiang fuchin chiamussu sansing harbin
5-separate-rifle-corps: bikin jaoho paoching boli
393-rifle-division: hunchun-frontier hunchun rashin seishin
arshaan-column: bayan-khoshu arshaan
manchouli-column: staro-tsurukhaitui manchouli
nencheng-column: sunwu nencheng
"""
KHALKHIN = """
Khamar-Daba 47.68 118.5 mongolia height; Southern_crossing 47.6 118.52 mongolia crossing
Bridge_at_Holsten_mouth 47.72 118.52 mongolia crossing; Baintsagan 47.82 118.48 mongolia crossing
Northern_crossing 47.93 118.5 mongolia crossing; Fui_Heights 47.88 118.6 japan height
Remizov_Height 47.75 118.62 japan height; Noro_Heights 47.66 118.68 japan height
Nomonhan 47.97 118.63 japan; Great_Sands 47.62 118.62 japan height; Sanbur 47.7 118.8 japan
Janjin_Sume 47.98 118.95 japan; Eris_Ulyn_Obo 47.58 118.8 mongolia frontier
Zelenaya_Height 47.72 118.66 japan height
"""
KHALKHIN_AXES = """
southern-group: southern-crossing great-sands noro-heights sanbur nomonhan
central-group: bridge-at-holsten-mouth remizov-height zelenaya-height
northern-group: northern-crossing fui-heights nomonhan
8-mongolian-cavalry-division: eris-ulyn-obo sanbur
6-mongolian-cavalry-division: baintsagan fui-heights
"""


@dataclass(frozen=True)
class MadeUp:
    """Everything that ``draw_run`` takes of a run."""

    results: RunResults
    scenario: Any
    rows: list[Row]
    baseline: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    @property
    def campaign(self) -> Any:
        return SimpleNamespace(scenario=self.scenario)

    @property
    def baselines(self) -> dict[str, dict[str, NDArray[np.float64]]]:
        sceptic = {name: 1.5 * values for name, values in self.baseline.items()}
        return {"one_battle": self.baseline, "sceptic": sceptic}

    def compare(self) -> list[Row]:
        return self.rows

    def score(self) -> Scores:
        return score_run(
            self.rows,
            [],
            self.results.outcomes,
            scenario=self.scenario.sampler.central(),
            baselines=self.baselines,
        )

    def few(self) -> MadeUp:
        """The same with few claims, which are a page."""
        return replace(self, rows=self.rows[:12])


def manchuria(replications: int = 200) -> MadeUp:
    strengths = {
        "ussr": (1_560_000, 5_200),
        "mongolia": (16_000, 32),
        "japan": (640_000, 1_100),
        "manchukuo": (160_000, 0),
        "mengjiang": (44_000, 0),
    }
    h_hour = datetime(1945, 8, 9, 1, tzinfo=TOKYO)
    resolved = _resolved("manchuria-1945", MANCHURIA, MANCHURIA_AXES, strengths, h_hour, 22)
    return _made_up("Manchuria 1945", resolved, strengths, replications, 45.0)


def khalkhin_gol(replications: int = 200) -> MadeUp:
    strengths = {"ussr": (52_000, 438), "mongolia": (2_300, 0), "japan": (30_000, 40)}
    h_hour = datetime(1939, 8, 20, 9, tzinfo=timezone(timedelta(hours=8)))
    resolved = _resolved("khalkhin-gol-1939", KHALKHIN, KHALKHIN_AXES, strengths, h_hour, 12)
    return _made_up("Khalkhin Gol 1939", resolved, strengths, replications, 4.0)


def _resolved(
    name: str,
    ground: str,
    lines: str,
    strengths: dict[str, tuple[int, int]],
    h_hour: datetime,
    days: int,
) -> ResolvedScenario:
    places = tuple(_place(item.split()) for item in ground.strip().replace("\n", ";").split(";"))
    at = {place.id: place for place in places}
    routes = [line.split(": ") for line in lines.strip().splitlines()]
    legs: dict[frozenset[str], Leg] = {}
    axes = []
    for number, (axis, stops) in enumerate(routes):
        way = tuple(stops.split())
        for a, b in pairwise(way):
            km = 1.2 * _km(at[a], at[b])
            legs.setdefault(frozenset((a, b)), Leg(a, b, km, "rolling", "road", "none", "none"))
        neighbours = tuple(routes[i][0] for i in (number - 1, number + 1) if 0 <= i < len(routes))
        objectives = ((way[-1], 0.6 * days), (way[1], math.nan))
        title = axis.replace("-", " ").title()
        axes.append(
            Axis(axis, title, (f"{axis}-head",), way, objectives, neighbours, 0, 0, 20, {}, None)
        )
    formations = tuple(
        Formation(
            f"{axis.id}-head", axis.name, "ussr", "attacker", "rifle", "army", None,
            axis.places[0], 1e4, 0, 0, 0, 0, 1, 0, 0, 0,
        )
        for axis in axes
    )  # fmt: skip
    sides = tuple(
        Side(side, COALITIONS.get(side, "defender"), 0.2, 0.1, 0.1, 0, 5, *SIDES[side], "")
        for side in strengths
    )
    # The last calendar day is whole.
    into_day = (h_hour.hour * 60 + h_hour.minute) / 1440
    return ResolvedScenario(
        name, name, Calendar(h_hour, days - into_day), frozenset(), "full", "fitted", sides, places,
        tuple(legs.values()), formations, tuple(axes), (), (), (), (),
    )  # fmt: skip


def _place(words: list[str]) -> Place:
    name, lat, lon, owner, *kind = words
    title = name.replace("_", " ")
    coalition = COALITIONS.get(owner, "defender")
    identifier = name.lower().replace("_", "-")
    return Place(
        identifier, title, float(lat), float(lon), kind[0] if kind else "town", owner, coalition,
        identifier, 0.0,
    )  # fmt: skip


def _km(a: Place, b: Place) -> float:
    east = (a.lon - b.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return 111.195 * math.hypot(east, a.lat - b.lat)


def _made_up(
    title: str,
    resolved: ResolvedScenario,
    strengths: dict[str, tuple[int, int]],
    n: int,
    rate: float,
) -> MadeUp:
    rng = np.random.default_rng(7)
    days = resolved.calendar.calendar_days
    time = np.arange(days + 1.0)
    series: dict[str, NDArray[np.float64]] = {}
    outcomes: dict[str, NDArray[np.float64]] = {}
    for side, (personnel, tanks) in strengths.items():
        share = 0.02 if COALITIONS.get(side) else 0.35
        grown = 1 - np.exp(-time / 6)
        for arm, count in (("personnel", personnel), ("tanks", tanks)):
            lost = count * share * rng.lognormal(0, 0.4, (n, 1)) * grown
            lost = np.minimum(lost, count)
            start = count * rng.uniform(0.97, 1.03, (n, 1))
            series[f"strength/{side}/{arm}"] = np.maximum(start - lost, 0)
            series[LOSSES[arm].format(side)] = lost
        total = series[f"losses/{side}/personnel/total"]
        for kind, part in (("killed", 0.25), ("captured", 0.5)):
            series[f"losses/{side}/personnel/{kind}"] = total * part
        ended = [name for name in series if name.startswith(f"losses/{side}/")]
        outcomes |= {name: series[name][:, -1] for name in ended}
        outcomes[f"losses/{side}/aircraft"] = rng.poisson(40, n).astype(float)
    shares = rng.dirichlet((8, 4, 3, 2, 1), n)
    for column, cause in enumerate(CAUSES):
        outcomes[f"losses/ussr/tanks/by/{cause}"] = shares[:, column]
    _advance(resolved, rng, n, rate, time, series, outcomes)
    for formation in ("japanese-5-army", "107-division", "80-independent-mixed-brigade"):
        outcomes[f"surrendered/{formation}"] = rng.uniform(6, 1.4 * days, n)
        outcomes[f"losses/{formation}/personnel/total"] = rng.lognormal(9, 0.5, n)
    outcomes["halted/6-guards-tank-army/fuel"] = rng.gamma(2.0, 1.0, n)
    rows = _rows(outcomes, rng, resolved.calendar)
    names = tuple(series)
    timeline = np.stack([series[name] for name in names], axis=2).astype(np.float32)
    manifest = {"variant": None, "overrides": [], "without": [], "digests": {"overlay": None}}
    results = RunResults(manifest, outcomes, names, None, timeline, [])
    scenario = SimpleNamespace(
        name=resolved.name,
        calendar=resolved.calendar,
        ground=geography_root() / "northeast-asia.geojson.gz",
        sampler=SimpleNamespace(central=lambda: resolved),
        file=SimpleNamespace(scenario=SimpleNamespace(title=title)),
    )
    baseline = {name: 0.7 * np.nan_to_num(values) for name, values in outcomes.items()}
    return MadeUp(results, scenario, rows, baseline)


def _advance(
    resolved: ResolvedScenario,
    rng: np.random.Generator,
    n: int,
    rate: float,
    time: NDArray[np.float64],
    series: dict[str, NDArray[np.float64]],
    outcomes: dict[str, NDArray[np.float64]],
) -> None:
    at = {place.id: place for place in resolved.places}
    for place in resolved.places:
        outcomes[f"captured/{place.id}"] = np.full(n, np.nan)
    for axis in resolved.axes:
        km = [0.0]
        for a, b in pairwise(axis.places):
            km.append(km[-1] + 1.2 * _km(at[a], at[b]))
        pace = rate * rng.lognormal(0, 0.35, (n, 1)) * rng.uniform(0.5, 1.2)
        front = np.minimum(pace * time * (1 - 0.01 * time), km[-1])
        series[f"front/{axis.id}"] = front
        for day in range(1, len(time)):
            outcomes[f"advance/{axis.id}/{day}"] = front[:, day]
        for place, distance in zip(axis.places[1:], km[1:], strict=True):
            day = np.where(distance < front[:, -1], distance / pace[:, 0], np.nan)
            outcomes[f"captured/{place}"] = np.fmin(outcomes[f"captured/{place}"], day)


def _rows(
    outcomes: dict[str, NDArray[np.float64]], rng: np.random.Generator, calendar: Calendar
) -> list[Row]:
    """Claims scattered about the simulated values, some open, some of one figure."""
    units = {"captured": "day", "surrendered": "day", "advance": "km", "halted": "day"}
    claimants = ("Soviet claim", "Japanese records", "English-language encyclopaedia article")
    rows = []
    for name, values in outcomes.items():
        kind = name.split("/")[0]
        unit = units.get(kind, "person")
        if kind == "advance" and not name.endswith(("/1", "/5")):
            continue
        if "tanks/by" in name:
            unit = "share"
        elif kind == "losses" and "personnel" not in name:
            unit = name.split("/")[-1].rstrip("s")
        told = np.sort(
            calendar.until_end(values) if kind in ("captured", "surrendered") else values
        )
        if not np.isfinite(values).any() or not np.nanmax(values):
            continue
        for claimant in claimants[: int(rng.integers(1, 4)) if kind == "losses" else 1]:
            middle = float(np.nanmedian(values)) * rng.lognormal(0, 0.4)
            middle = min(middle, 0.9) if unit == "share" else middle
            half = rng.choice([0.0, 0.15])
            low, high = middle * (1 - half), middle * (1 + half)
            low, high = (low, high) if rng.random() > 0.12 else (-math.inf, high)
            points = tuple(quantile(told, q) for q in (0.05, 0.25, 0.5, 0.75, 0.95))
            share = percentile(told, low, high)
            rows.append(
                Row(
                    f"claim-{len(rows)}", name, low, high, unit, claimant, "invasion-article",
                    *points, 0.0, verdict(low, high, points), share, 1.0, 2.0, math.nan, math.nan,
                    math.nan, False, "",
                )
            )  # fmt: skip
    return rows

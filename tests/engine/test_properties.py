"""What holds of whole runs: determinism, symmetry, monotony, the step, what is never read."""

import ast
import subprocess
import sys
from dataclasses import replace
from math import isnan, sqrt
from pathlib import Path
from statistics import fmean, stdev

import pytest

import sandtable
from engine.builder import axis, blue, central, laws, line, play, red, scenario
from engine.richer import richer
from sandtable.engine import Reporter, run
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams

UNDER = central(richer().attrition, richer().advance)


def same(a: dict[str, float], b: dict[str, float]) -> bool:
    return a.keys() == b.keys() and all(
        x == y or (isnan(x) and isnan(y)) for x, y in zip(a.values(), b.values(), strict=True)
    )


def test_a_replication_is_the_same_whenever_and_however_often_it_is_run():
    streams, reporter = Streams("tiny", 1), Reporter(richer())

    def once(replication, streams=streams, reporter=reporter):
        found = run(richer(), UNDER, reporter, streams=streams, replication=replication)
        return repr(found.outcomes), found.timeline, found.event_count

    forward = [once(r) for r in range(6)]
    assert [once(r) for r in reversed(range(6))] == forward[::-1]
    assert once(4, Streams("tiny", 1), Reporter(richer())) == forward[4]
    assert len({outcome for outcome, _, _ in forward}) == 6


def test_the_event_log_changes_nothing():
    quiet = run(
        richer(), UNDER, Reporter(richer()), streams=Streams("tiny", 1), replication=2
    )  # fmt: skip
    heard = play(richer(), replication=2)
    assert quiet.events == [] and heard.events
    assert repr(quiet.outcomes) == repr(list(heard.outcomes.values()))
    assert quiet.event_count == heard.event_count


def test_zero_is_a_seed_and_every_seed_differs():
    runs = [play(richer(), seed=seed) for seed in (0, 0, 1, 2)]
    assert same(runs[0].outcomes, runs[1].outcomes)
    found = [repr(list(r.outcomes.values())) for r in runs[1:]]
    assert len(set(found)) == 3


def test_a_stream_depends_on_the_scenarios_name():
    a, b = (play(richer(), streams=Streams(name, 1)).outcomes for name in ("tiny", "other"))
    assert not same(a, b)


def mirrored(resolved: ResolvedScenario) -> ResolvedScenario:
    """Swap the sides' names, their roles, and east with west; all else keeps its name."""
    names = {"ussr": "japan", "japan": "ussr"}
    roles = {"attacker": "defender", "defender": "attacker"}

    def swap(thing):
        changes = {}
        if hasattr(thing, "coalition"):
            changes["coalition"] = roles[thing.coalition]
        if hasattr(thing, "side"):
            changes["side"] = names[thing.side]
        if hasattr(thing, "lon"):
            changes["lon"] = -thing.lon
        return replace(thing, **changes)

    return replace(
        resolved,
        sides=tuple(replace(swap(s), id=names[s.id]) for s in resolved.sides),
        places=tuple(map(swap, resolved.places)),
        formations=tuple(map(swap, resolved.formations)),
        lifts=tuple(map(swap, resolved.lifts)),
        air=tuple(map(swap, resolved.air)),
        supply=tuple((p, roles[c]) for p, c in resolved.supply),
    )


@pytest.mark.parametrize("replication", range(10))
def test_swapped_sides_swap_results(replication):
    words = {"ussr": "japan", "japan": "ussr"}
    there = play(richer(), replication=replication).outcomes
    back = play(mirrored(richer()), replication=replication).outcomes
    renamed = {
        "/".join(words.get(part, part) for part in name.split("/")): value
        for name, value in back.items()
    }
    assert there.keys() == renamed.keys()
    for name, value in there.items():
        assert renamed[name] == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True), name


def attack(
    men: float, defenders: float = 6000.0, days: float = 30.0, **changes
) -> ResolvedScenario:
    places, legs = line("abcd", 40.0)
    formations = [
        red("r1", "a", men / 2), red("r2", "a", men / 2),
        blue("j1", "b", defenders, fortification=0.4), blue("j2", "c", defenders),
    ]  # fmt: skip
    return scenario(places, legs, formations, [axis("x", "r1 r2", "abcd")], days=days, **changes)


@pytest.mark.verify
def test_more_attackers_are_not_later_on_average():
    """On paired streams, a place never taken counts as taken on the last day."""
    days = []
    for men in (6000.0, 15_000.0, 40_000.0):
        taken = [play(attack(men), replication=r).outcomes["captured/b"] for r in range(60)]
        days.append(fmean(30.0 if isnan(day) else day for day in taken))
    assert days[0] > days[1] > days[2]


def test_more_opponents_cost_the_defender_no_less():
    """Cohesion off, so that both engagements go on for as long, replication by replication."""
    for replication in range(20):
        lost = [
            play(attack(men, without=["cohesion"], days=4.0), replication=replication).outcomes[
                "losses/japan/personnel/total"
            ]
            for men in (8000.0, 12_000.0, 24_000.0)
        ]
        assert 0.0 < lost[0] <= lost[1] + 1e-9 <= lost[2] + 2e-9


@pytest.mark.verify
def test_more_defenders_hold_longer_on_average():
    days = []
    for men in (2000.0, 6000.0, 15_000.0):
        taken = [
            play(attack(15_000.0, men), replication=r).outcomes["captured/b"] for r in range(60)
        ]
        days.append(fmean(30.0 if isnan(day) else day for day in taken))
    assert days[0] < days[1] < days[2]


@pytest.mark.verify
def test_halving_the_step_moves_no_mean_by_more_than_its_error():
    names = ("captured/b", "captured/c", "losses/ussr/personnel/total",
             "losses/japan/personnel/total", "advance/x/10")  # fmt: skip
    found = {}
    for step in (0.25, 0.125):
        runs = [play(attack(15_000.0), replication=r, step_days=step) for r in range(200)]
        found[step] = {name: [p.outcomes[name] for p in runs] for name in names}
    for name in names:
        coarse, fine = (
            [30.0 if isnan(x) else x for x in found[step][name]] for step in (0.25, 0.125)
        )
        error = stdev(coarse) / sqrt(200)
        assert error > 0.0
        assert abs(fmean(coarse) - fmean(fine)) < error, name


def test_the_engine_and_the_laws_know_nothing_of_claims():
    """They import neither the register nor what stands to their right, nor open its files."""
    root = Path(sandtable.__file__).parent
    for path in [*(root / "engine").glob("*.py"), *(root / "laws").glob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert not name.startswith(("sandtable.evidence", "sandtable.comparison")), path
        if path.parent.name == "engine":
            calls = {getattr(n.func, "id", getattr(n.func, "attr", "")) for n in ast.walk(tree)
                     if isinstance(n, ast.Call)}  # fmt: skip
            assert not calls & {"open", "read_text", "read_bytes", "files"}, path


@pytest.mark.processes
def test_a_run_opens_no_register_file():
    """The interpreter itself reports every file that a replication opens."""
    code = """
import sys
opened = []
from engine.builder import play
from engine.richer import richer
play(richer())
sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == "open" else None)
play(richer(), replication=1)
print([name for name in opened if "seeds" in name or name.endswith((".csv", ".toml"))])
"""
    root = Path(__file__).parents[1]
    paths = [str(root), str(Path(sandtable.__file__).parents[1])]
    code = f"import sys; sys.path[:0] = {paths!r}\n" + code
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # The coefficients are looked at anew for every draw; they are no claims.
    found = [name for name in ast.literal_eval(done.stdout) if "coefficients" not in name]
    assert found == []


def test_hazards_without_a_defence_left_do_not_divide_by_zero():
    s = attack(10_000.0, 0.5)
    assert play(s, laws(breaks=1.0)).outcomes["captured/d"] > 0.0

"""Supply nets, however often they are cut and mended, against networkx on the places held."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.builder import leg, place
from engine.builder import scenario as put_together
from sandtable.engine.network import ENEMY, Network
from sandtable.scenario.resolved import ResolvedScenario

PLACES = "abcdefghijkl"
COALITIONS = ("attacker", "defender")
SIDES = {"attacker": "ussr", "defender": "japan"}


@st.composite
def nets(draw: st.DrawFn) -> ResolvedScenario:
    """Places in any linking, whole or in pieces, each coalition with sources of its own."""
    names = PLACES[: draw(st.integers(2, len(PLACES)))]
    pair = st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)
    ends = draw(st.lists(pair.map(sorted).map("".join), max_size=20, unique=True))
    holder = st.sampled_from(COALITIONS)
    return put_together(
        places=[place(name, SIDES[draw(holder)]) for name in names],
        legs=[leg(both, 1.0) for both in ends],
        formations=[],
        axes=[],
        supply={name: draw(holder) for name in names if draw(st.booleans())},
    )


def by_networkx(scenario: ResolvedScenario, network: Network, coalition: str) -> dict[str, int]:
    held = [id for id, node in network.nodes.items() if node.holder == coalition]
    net = nx.Graph([(way.a, way.b) for way in scenario.legs])
    net.add_nodes_from(network.nodes)
    sources = {p for p, owner in scenario.supply if owner == coalition and p in held}
    if not sources:
        return {}
    return dict(nx.multi_source_dijkstra_path_length(net.subgraph(held), sources))


CAPTURES = st.lists(st.tuples(st.integers(0, 99), st.sampled_from(COALITIONS)), max_size=25)


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.verify)])
def test_supply_after_any_captures(count: int) -> None:
    settings(max_examples=count, deadline=None)(given(nets(), CAPTURES)(hold))()


def hold(scenario: ResolvedScenario, captures: list[tuple[int, str]]) -> None:
    network = Network(scenario)
    nodes = list(network.nodes.values())
    for number, coalition in captures:
        loser = ENEMY[coalition]
        before = network.hops_from_supply(loser).keys() | set()
        lost = network.change_hands(nodes[number % len(nodes)], coalition, None)
        for side in COALITIONS:
            assert network.hops_from_supply(side) == by_networkx(scenario, network, side)
        assert lost == before - network.hops_from_supply(loser).keys()

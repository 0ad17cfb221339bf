"""Named streams: what is drawn hangs on names and numbers alone."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sandtable.streams import Draws, Streams

# The chance that a sound generator fails one of the tests of distribution below.
ALARM = 1e-6


def taken(draws: Draws, count: int) -> list[float]:
    return [draws.uniform() for _ in range(count)]


@given(first=st.integers(0, 10_000), skip=st.integers(0, 50), count=st.integers(1, 50))
def test_a_replications_draw_does_not_depend_on_where_the_call_began(
    first: int, skip: int, count: int
) -> None:
    streams = Streams("manchuria-1945", 1)
    longer = streams.uniforms("fuel", first, skip + count)
    assert np.array_equal(longer[skip:], streams.uniforms("fuel", first + skip, count))


@pytest.mark.verify
@given(st.lists(st.text(max_size=5), max_size=4), st.integers(0, 10_000), st.integers(1, 30))
def test_a_table_holds_the_streams_that_numpy_draws_one_by_one(
    names: list[str], first: int, count: int
) -> None:
    table = Streams("s", 1).table(names, first, count)
    assert table.shape == (count, len(names))
    for name, column in zip(names, table.T, strict=True):
        digest = hashlib.blake2b(f"s\0{1}\0{name}".encode(), digest_size=16).digest()
        key = np.frombuffer(digest, dtype="<u8")
        bits = np.random.Philox(key=key, counter=np.array([first, 0, 0, 0], dtype=np.uint64))
        # Philox makes four numbers at each count; a replication has the first.
        assert np.array_equal(column, np.random.Generator(bits).random(4 * count)[::4])


def test_order_of_opening_and_drawing_does_not_matter() -> None:
    one, two = Streams("s", 1), Streams("s", 1)
    a, b = one.within("rain", 3), one.within("march", 3)
    interleaved = [(a.uniform(), b.uniform()) for _ in range(40)]
    march, rain = taken(two.within("march", 3), 40), taken(two.within("rain", 3), 40)
    assert interleaved == list(zip(rain, march, strict=True))


def test_a_replications_stream_does_not_depend_on_its_neighbours() -> None:
    streams = Streams("s", 1)
    alone = taken(Streams("s", 1).within("rain", 7), 100)
    for replication in range(7):
        taken(streams.within("rain", replication), 50)
    assert taken(streams.within("rain", 7), 100) == alone


@pytest.mark.parametrize(
    "other",
    [
        Streams("s", 0).within("x", 0),
        Streams("t", 1).within("x", 0),
        Streams("s", 1).within("y", 0),
        Streams("s", 1).within("x", 1),
    ],
    ids=["seed", "scenario", "name", "replication"],
)
def test_everything_in_the_name_counts(other: Draws) -> None:
    assert not set(taken(Streams("s", 1).within("x", 0), 1000)) & set(taken(other, 1000))


def test_zero_is_a_seed() -> None:
    zero = Streams("s", 0).uniforms("x", 0, 5).tolist()
    assert zero == Streams("s", 0).uniforms("x", 0, 5).tolist()
    assert zero != Streams("s", 1).uniforms("x", 0, 5).tolist()


def test_the_inputs_stream_and_the_inner_stream_of_one_name_differ() -> None:
    streams = Streams("s", 1)
    across = set(streams.uniforms("x", 0, 4000).tolist())
    assert not across & set(taken(streams.within("x", 0), 4000))


@pytest.mark.parametrize("name", ["x", "formation.107-division.effectiveness"])
def test_uniform_across_and_within_replications(name: str) -> None:
    streams = Streams("s", 1)
    across = streams.uniforms(name, 0, 20_000)
    within = [streams.within(name, replication).uniform() for replication in range(5000)]
    inside = taken(streams.within(name, 0), 20_000)
    for values in (across, within, inside):
        assert stats.kstest(values, "uniform").pvalue > ALARM


def test_neighbouring_names_and_replications_are_independent() -> None:
    streams = Streams("s", 1)
    x, y = streams.uniforms("axis.1", 0, 20_000), streams.uniforms("axis.2", 0, 20_000)
    assert stats.spearmanr(x, y).pvalue > ALARM
    assert stats.spearmanr(x[1:], x[:-1]).pvalue > ALARM


def test_shapes_of_the_other_distributions() -> None:
    draws = Streams("s", 1).within("x", 0)
    assert stats.kstest([draws.normal() for _ in range(20_000)], "norm").pvalue > ALARM
    assert stats.kstest([draws.exponential() for _ in range(20_000)], "expon").pvalue > ALARM
    spread = [draws.between(3.0, 5.0) for _ in range(20_000)]
    assert stats.kstest(spread, "uniform", args=(3.0, 2.0)).pvalue > ALARM


@pytest.mark.processes
def test_the_same_in_every_process() -> None:
    code = (
        "from sandtable.streams import Streams; s = Streams('s', 1);"
        "print(s.uniforms('x', 5, 3).tolist(), [s.within('y', 2).uniform() for _ in 'abc'])"
    )
    # This process has hashes of its own, too.
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        capture_output=True,
        text=True,
        check=True,
    )
    streams = Streams("s", 1)
    inner = [streams.within("y", 2).uniform() for _ in "abc"]
    assert done.stdout == f"{streams.uniforms('x', 5, 3).tolist()} {inner}\n"

"""Named random streams: what is drawn depends on its name alone, never on the order of draws.

A stream is named by scenario, seed and a word for its purpose; the replication is a position
in it, so that a replication's draws can be had without those before it, and a variant shares
every draw with its base case. What is drawn once a replication comes for many replications at
a time from numpy's counter-based Philox (the name gives its key, the replication its counter).
What a replication draws as it goes comes from the hash BLAKE2b in counter mode: it opens in a
microsecond, where a numpy generator takes ten, and a campaign opens hundreds.
"""

from __future__ import annotations

import hashlib
import math
import struct
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_WORDS_PER_COUNT = 4
_WORDS = struct.Struct("<8Q")
_TO_UNIT = 2.0**-53
_INVERSE_NORMAL = NormalDist().inv_cdf


class Draws:
    """One stream within one replication, as plain floats, drawn in blocks."""

    __slots__ = ("_block", "_count", "_name")

    def __init__(self, name: bytes) -> None:
        self._name = name
        self._count = 0
        self._block: list[int] = []

    def uniform(self) -> float:
        """A number in (0, 1)."""
        if not self._block:
            counted = self._name + self._count.to_bytes(8, "little")
            self._block = list(_WORDS.unpack(hashlib.blake2b(counted).digest()))
            self._count += 1
        return ((self._block.pop() >> 11) + 0.5) * _TO_UNIT

    def exponential(self) -> float:
        """A number from the exponential distribution of mean 1."""
        return -math.log(self.uniform())

    def normal(self) -> float:
        """A number from the standard normal distribution."""
        return _INVERSE_NORMAL(self.uniform())

    def between(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``, uniformly."""
        return low + (high - low) * self.uniform()


class Streams:
    """All streams of a scenario under one seed (any integer from 0; zero is a seed)."""

    def __init__(self, scenario: str, seed: int) -> None:
        self._prefix = f"{scenario}\0{seed}\0".encode()
        self._keys: dict[str, NDArray[np.uint64]] = {}

    def _key(self, name: str) -> NDArray[np.uint64]:
        import numpy as np

        key = self._keys.get(name)
        if key is None:
            digest = hashlib.blake2b(self._prefix + name.encode(), digest_size=16).digest()
            key = self._keys[name] = np.frombuffer(digest, dtype="<u8").astype(np.uint64)
        return key

    def uniforms(self, name: str, first: int, count: int) -> NDArray[np.float64]:
        """Draw one stream's values for replications from ``first``: a column of `table`."""
        return self.table([name], first, count)[:, 0]

    def table(self, names: Sequence[str], first: int, count: int) -> NDArray[np.float64]:
        """Draw the values of streams for replications ``first`` to ``first + count - 1``.

        Returns
        -------
        Array of shape ``(count, len(names))`` of numbers in [0, 1), a row for each replication,
        the same whatever the ``first`` of the call that asked for it.
        """
        import numpy as np

        # One generator set anew for each stream: to make one takes three times as long.
        generator = np.random.Generator(np.random.Philox(0))
        bits = generator.bit_generator
        start = {**bits.state, "buffer_pos": _WORDS_PER_COUNT}
        counter = np.array([first, 0, 0, 0], dtype=np.uint64)
        drawn = np.empty((len(names), count))
        for row, name in zip(drawn, names, strict=True):
            bits.state = {**start, "state": {"counter": counter, "key": self._key(name)}}
            row[:] = generator.random(count * _WORDS_PER_COUNT)[::_WORDS_PER_COUNT]
        return drawn.T

    def within(self, name: str, replication: int) -> Draws:
        """Open the stream for the draws that one replication makes of it, in its own order."""
        return Draws(self._prefix + name.encode() + b"\0" + replication.to_bytes(8, "little"))

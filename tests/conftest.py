"""What tests of more than one package use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clusters import Cluster, cluster_in


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with cluster_in(tmp_path / "dask") as made:
        yield made

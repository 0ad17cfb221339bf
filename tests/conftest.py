"""What tests of more than one package use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clusters import Cluster, cluster_in
from shells import Shell


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with cluster_in(tmp_path / "dask") as made:
        yield made


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the small scenario comes to on two processes that nothing disturbs."""
    made = Shell(tmp_path_factory.mktemp("undisturbed"))
    assert made.run("whole").returncode == 0
    return made.contents("whole")

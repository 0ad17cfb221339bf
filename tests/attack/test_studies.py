"""Finished folders of studies from strangers, whose digests are as they should be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from attack.conftest import LONGEST, Survives, cases, no_longer_than
from attack.mutations import mutate_bytes, mutate_table, mutate_tree
from cli.conftest import SCENARIO
from sandtable import SandtableError
from sandtable.studies.calibrate import CalibrationResult
from sandtable.studies.sensitivity import SensitivityResult
from sandtable.studies.vary import VaryResult

KEY = "formation.9-division.effectiveness"


@dataclass(frozen=True)
class Attacked:
    """A verb whose folders are attacked: how they are made, read back and what is in them."""

    words: tuple[str, ...]
    read: Callable[[Path], object]
    files: tuple[str, ...]


STUDIES = {
    "vary": Attacked(
        (f"{KEY}=0.1,0.9", "without=none,air", "-n", "2"),
        VaryResult.of,
        ("answer.txt", "table.csv", "scores.csv"),
    ),
    "sensitivity": Attacked(
        (
            *("--trajectories", "4", "--repeats", "1", "--samples", "64", "--strongest", "1"),
            *("--outcomes", "captured/hill"),
        ),
        SensitivityResult.of,
        ("answer.txt", "morris.csv", "sobol.csv", "variance.csv"),
    ),
    "calibrate": Attacked(
        (
            *("--keys", f"{KEY}=0.1..0.9", "--claims", "losses/*", "--points", "6"),
            *("--waves", "1", "-n", "5", "--on-average"),
        ),
        CalibrationResult.of,
        ("answer.txt", "calibration.json"),
    ),
}  # fmt: skip


def mutated(name: str, content: bytes, chance: Random) -> bytes:
    """Return a changed file: by its structure, or byte by byte."""
    if chance.random() < 0.1 or name.endswith(".txt"):
        return mutate_bytes(content, chance)
    if name.endswith(".json"):
        return as_json(mutate_tree(json.loads(content), chance))
    return mutate_table(content.decode(), chance).encode()


def as_json(tree: Any) -> bytes:
    return json.dumps(tree, default=str).encode("utf-8", "surrogatepass")


@pytest.mark.verify
@pytest.mark.parametrize("verb", STUDIES)
def test_studies(verb: str, survives: Survives, tmp_path: Path) -> None:
    study, out = STUDIES[verb], tmp_path / "study"
    words = (verb, *SCENARIO, *study.words, "--jobs", 1, "--no-figures", "--out", out)
    assert survives(*words) == 0
    kept = {name: (out / name).read_bytes() for name in ("manifest.json", *study.files)}
    manifest = json.loads(kept["manifest.json"])
    others = (("check",), ("compare",), ("show", "--battles"), ("tell",))
    read = 0

    def attack(chance: Random) -> None:
        nonlocal read
        name = chance.choice(sorted(kept))
        changed = mutated(name, kept[name], chance)
        (out / name).write_bytes(changed)
        if name in study.files:
            files = manifest["files"] | {name: hashlib.sha256(changed).hexdigest()}
            (out / "manifest.json").write_bytes(as_json(manifest | {"files": files}))
        with no_longer_than(LONGEST), suppress(SandtableError):
            repr(study.read(out))
            read += 1
        survives(*chance.choice(others), out)
        if chance.random() < 0.1:
            survives(*words, "--resume", chance.choice(("--quiet", "--json", "--no-figures")))
        for kept_name, content in kept.items():
            (out / kept_name).write_bytes(content)

    cases(1000, attack)
    assert 1000 > read > 20

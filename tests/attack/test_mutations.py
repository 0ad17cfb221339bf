"""Files of strangers, thousands of them: each is read or refused in words, and nothing else."""

from __future__ import annotations

import json
import shutil
import tomllib
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
import tomli_w

from attack.conftest import LONGEST, SIZES, Survives, cases, no_longer_than
from attack.mutations import mutate_bytes, mutate_table, mutate_tree
from battles.invented import battles, write
from cli.conftest import SCENARIO
from sandtable import SandtableError, load, open_run
from sandtable.campaign import CampaignRun
from sandtable.ensemble import Part, Settings, columns
from sandtable.ensemble.replications import run_parts
from sandtable.operations.table import read_operations
from sandtable.runs import RunFolder
from sandtable.runs.results import load_results
from sandtable.shipped import operations_root

HILL, REGISTER = Path(SCENARIO[0]), Path(SCENARIO[2])
OVERLAY = {
    "formation.9-division.effectiveness": 0.5,
    "place.hill.lat": {"assumed": [42.0, 42.4], "because": "a test", "until": "never"},
}
RUN = ("-n", 2, "--jobs", 1, "--no-figures", "--no-report", "--quiet", "--overwrite")


def as_toml(tree: Any) -> str:
    """TOML of a tree, without what TOML has no word for."""

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): clean(item) for key, item in value.items() if item is not None}
        if isinstance(value, list):
            return [clean(item) for item in value if item is not None]
        return value

    return tomli_w.dumps(clean(tree))


@pytest.mark.parametrize("count", SIZES)
def test_scenarios(count: int, survives: Survives, tmp_path: Path) -> None:
    tree = tomllib.loads(HILL.read_text(encoding="utf-8"))
    path, out = tmp_path / "hill.toml", tmp_path / "run"
    ran = 0

    def attack(chance: Random) -> None:
        nonlocal ran
        path.write_text(as_toml(mutate_tree(tree, chance)), encoding="utf-8")
        if survives("check", path, "--register", REGISTER) == 0:
            ran += 1
            with no_longer_than(LONGEST):
                load(path, register=REGISTER).run(2)
            if chance.random() < 0.1:
                survives("run", path, "--register", REGISTER, *RUN, "--out", out)

    cases(count, attack)
    # Some changes do no harm: then the campaign runs.
    assert ran > count / 50


@pytest.mark.parametrize("count", SIZES)
def test_scenarios_byte_by_byte(count: int, survives: Survives, tmp_path: Path) -> None:
    content, path = HILL.read_bytes(), tmp_path / "hill.toml"

    def attack(chance: Random) -> None:
        path.write_bytes(mutate_bytes(content, chance))
        survives("check", path, "--register", REGISTER)

    cases(count, attack)


@pytest.mark.parametrize("count", SIZES)
def test_overlays(count: int, survives: Survives, tmp_path: Path) -> None:
    path = tmp_path / "overlay.toml"

    def attack(chance: Random) -> None:
        path.write_text(as_toml(mutate_tree(OVERLAY, chance)), encoding="utf-8")
        survives("check", *SCENARIO, "--set-file", path)

    cases(count, attack)


@pytest.mark.parametrize("count", SIZES)
def test_registers(count: int, survives: Survives, tmp_path: Path) -> None:
    register = Path(shutil.copytree(REGISTER, tmp_path / "register"))
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(register.rglob("*.csv"))}

    def attack(chance: Random) -> None:
        path = chance.choice(sorted(texts))
        path.write_text(mutate_table(texts[path], chance), encoding="utf-8", newline="")
        survives("check", HILL, "--register", register)
        path.write_text(texts[path], encoding="utf-8")

    cases(count, attack)


@pytest.mark.parametrize("count", SIZES)
def test_tables_of_battles(count: int, survives: Survives, tmp_path: Path) -> None:
    text = write(tmp_path / "sound.csv", battles(12)).read_text(encoding="utf-8")
    path, out = tmp_path / "battles.csv", tmp_path / "predictions.csv"

    def attack(chance: Random) -> None:
        path.write_text(mutate_table(text, chance), encoding="utf-8", newline="")
        survives("battles", "predict", path, "--out", out, "--overwrite", "--quiet")

    cases(count, attack)


@pytest.mark.parametrize("count", SIZES)
def test_tables_of_operations(count: int, survives: Survives, tmp_path: Path) -> None:
    text = (operations_root() / "operations.csv").read_text(encoding="utf-8")
    path = tmp_path / "operations.csv"
    header, *rows = text.splitlines(keepends=True)

    def attack(chance: Random) -> None:
        few = header + "".join(chance.sample(rows, 4))
        path.write_text(mutate_table(few, chance), encoding="utf-8", newline="")
        with no_longer_than(LONGEST), suppress(SandtableError):
            read_operations(path)

    cases(count, attack)


@pytest.fixture
def made(survives: Survives, tmp_path: Path) -> Path:
    assert survives("run", *SCENARIO, *RUN, "--out", tmp_path / "run") == 0
    return tmp_path / "run"


@pytest.mark.parametrize("count", SIZES)
def test_manifests(count: int, survives: Survives, made: Path, tmp_path: Path) -> None:
    path, again = made / "manifest.json", tmp_path / "again"
    tree = json.loads(path.read_text(encoding="utf-8"))
    verbs = (
        ("compare", made),
        ("show", made, "--battles"),
        ("show", made, "--battles", "--replication", 0),
    )

    def attack(chance: Random) -> None:
        text = json.dumps(mutate_tree(tree, chance), default=str)
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        survives("check", made)
        survives(*chance.choice(verbs))
        if chance.random() < 0.02:
            survives("rerun", made, "--out", again, "--quiet", "--overwrite", "--jobs", 1)
            shutil.rmtree(again, ignore_errors=True)

    cases(count, attack)


@pytest.mark.parametrize("count", SIZES)
def test_tables_of_a_run(count: int, survives: Survives, made: Path) -> None:
    contents = {
        name: (made / name).read_bytes()
        for name in ("outcomes.parquet", "timeline.parquet", "battles.parquet", "tracks.parquet",
                     "events.jsonl", "scenario.resolved.toml")
    }  # fmt: skip
    campaign = load(HILL, register=REGISTER)
    baselines = open_run(made).baselines

    def attack(chance: Random) -> None:
        name = chance.choice(sorted(contents))
        (made / name).write_bytes(mutate_bytes(contents[name], chance))
        which = chance.choice(((), ("--replication", 1)))
        survives("show", made, "--battles", *which)
        with no_longer_than(LONGEST), suppress(SandtableError):
            run = CampaignRun(load_results(made), campaign)
            run.baselines = baselines  # Of the campaign alone, and dear.
            read_all(run)
        (made / name).write_bytes(contents[name])

    cases(count, attack)


def read_all(run: CampaignRun) -> None:
    """Read all that a run's folder holds, as somebody in Python would."""
    for tables in (run.outcomes, run.daily, run.battles, run.tracks):
        for name in tables:
            _ = tables[name]
    _ = run.events, run.numbers, run.score()


@pytest.mark.parametrize("count", SIZES)
def test_parts(count: int, tmp_path: Path) -> None:
    campaign, settings = load(HILL, register=REGISTER), Settings(8, part_size=3)
    names, identity = columns(campaign.scenario), campaign.identity(settings)
    parts: list[Part] = []
    run_parts(campaign.scenario, settings, on_part=parts.append)
    begun = tmp_path / "run.partial"

    def work(**how: bool) -> dict[str, bytes]:
        with RunFolder(tmp_path / "run", identity, **how) as folder:
            for part in parts:
                if part.first not in folder.done:
                    folder.write(part)
            folder.merge(names, "")
        return {path.name: path.read_bytes() for path in begun.iterdir() if path.is_file()}

    undamaged = work()
    kept = {path: path.read_bytes() for path in (*begun.rglob("*.npz"), begun / "plan.json")}

    def attack(chance: Random) -> None:
        path = chance.choice(sorted(kept))
        path.write_bytes(mutate_bytes(kept[path], chance))
        try:
            assert work(resume=True) == undamaged
        except SandtableError:
            # A plan may come to be that of another run; a part is worked again whatever it holds.
            assert path.name == "plan.json"
            path.write_bytes(kept[path])

    cases(count, attack)

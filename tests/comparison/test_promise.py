"""No record is read before the comparison: neither opened nor asked for nor of any effect."""

from __future__ import annotations

import ast
import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sandtable
from sandtable.comparison import load_claims, one_battle, sceptic
from sandtable.evidence import load_facts
from sandtable.evidence.claims import COLUMNS
from sandtable.laws.coefficients import load_coefficients
from sandtable.scenario import load_scenario
from sandtable.shipped import register_root, scenarios_root
from sandtable.streams import Streams
from source_code import MODULES, ROOT, parsed

RECORDS = {"load_claims", "read_claims", "Claim", "sandtable.evidence.claims"}
OWN = Path(__file__).parents[1] / "inputs" / "wars" / "two-valleys-1951"
BEFORE = ("scenario", "laws", "engine", "battles", "ensemble")
SCENARIO = """
[scenario]
title = "A crossing"
campaign = "kurils-1945"
summary = "One regiment goes from one place to another against another."
start = 1945-08-18T00:00:00+09:00
end = 1945-08-24T00:00:00+09:00
[[side]]
id = "ussr"
coalition = "attacker"
killed = {assumed = 0.2, because = "a test"}
captured = {assumed = 0.0, because = "a test"}
missing = {assumed = 0.1, because = "a test"}
[[side]]
id = "japan"
coalition = "defender"
killed = {assumed = 0.3, because = "a test"}
captured = {assumed = 0.1, because = "a test"}
missing = {assumed = 0.1, because = "a test"}
[[place]]
id = "beach"
name = "Beach"
lat = 50.8
lon = 156.2
kind = "open-ground"
owner = "ussr"
[[place]]
id = "shumshu"
name = "Shumshu"
lat = 50.7
lon = 156.3
kind = "airfield"
owner = "japan"
[[leg]]
from = "beach"
to = "shumshu"
terrain = "rolling"
road = "track"
[[formation]]
id = "landing-force"
name = "Landing force"
side = "ussr"
type = "rifle"
echelon = "division"
start = "beach"
personnel = {assumed = [8000, 9000], because = "a test"}
effectiveness = {assumed = 0.9, because = "a test"}
[[formation]]
id = "shumshu-garrison"
name = "Garrison"
side = "japan"
type = "garrison"
echelon = "brigade"
start = "shumshu"
personnel = {assumed = 8000, because = "a test"}
effectiveness = {assumed = 0.7, because = "a test"}
[[axis]]
id = "inland"
name = "Inland"
formations = ["landing-force"]
places = ["beach", "shumshu"]
objectives = [{place = "shumshu"}]
[[supply]]
place = "beach"
side = "ussr"
[[supply]]
place = "shumshu"
side = "japan"
"""


OWN_REGISTERS = [OWN, *sorted(p.parent for p in scenarios_root().glob("*/register"))]


@pytest.fixture(
    scope="module",
    params=["the shipped register", *OWN_REGISTERS],
    ids=lambda p: getattr(p, "name", p),
)
def scenario(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario on the shipped register, and each that brings its own."""
    folder = tmp_path_factory.mktemp("scenario")
    if isinstance(request.param, Path):
        return Path(shutil.copytree(request.param, folder / request.param.name))
    path = folder / "crossing.toml"
    path.write_text(SCENARIO)
    return path


@pytest.fixture(scope="module")
def register(scenario: Path) -> Path:
    return load_scenario(scenario).register


@pytest.fixture(scope="module")
def altered(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register with every record changed."""
    root = Path(shutil.copytree(register, tmp_path_factory.mktemp("altered") / "register"))
    for path in (root / "outcomes").iterdir():
        alter(path)
        before, after = (load_claims(where, path.stem) for where in (register, root))
        assert len(before) == len(after) and all(a != b for a, b in zip(before, after, strict=True))
    return root


def alter(path: Path) -> None:
    """Change the figures, claimants and notes of every claim in a file."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {"claimant": "nobody", "note": "altered"}
        for end in ("low", "high"):
            row[end] = ("1945-08-31" if row["unit"] == "date" else "1") if row[end] else ""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_altering_every_record_leaves_all_before_comparison_as_it_is(scenario, register, altered):
    assert load_facts(altered) == load_facts(register)
    first, second = (load_scenario(scenario, register_root=r) for r in (register, altered))
    assert first.digest == second.digest
    u = [0.3] * len(first.sampler.uncertain)
    assert first.sampler.draw(u) == second.sampler.draw(u)
    said = [
        one_battle(s.sampler.central(), load_coefficients(), Streams(s.name, 0), 10)
        | {f"sceptic/{k}": v for k, v in sceptic(s.sampler.central(), Streams(s.name, 0)).items()}
        for s in (first, second)
    ]
    assert said[0].keys() == said[1].keys()
    assert all((said[0][name] == said[1][name]).all() for name in said[0])


def test_altering_every_record_changes_no_byte_of_a_run(scenario, register, altered, tmp_path):
    one, other = (
        sandtable.load(scenario, register=root).run(3, 1, out=tmp_path / name).path
        for name, root in (("one", register), ("other", altered))
    )
    for name in ("outcomes.parquet", "timeline.parquet", "events.jsonl", "scenario.resolved.toml"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    # The records did change, and with them what the run is compared with.
    beside = [(one / "comparison.csv").read_text(), (other / "comparison.csv").read_text()]
    beside += [(one / "unanswered.csv").read_text(), (other / "unanswered.csv").read_text()]
    assert beside[0] != beside[1] or beside[2] != beside[3]


# Forbids opening and listing the folder of records, then does all that comes before comparison.
WATCHED = """
import sys, pkgutil, importlib
from pathlib import Path

def watch(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], str):
        if "outcomes" in Path(arguments[0]).parts:
            raise RuntimeError(f"a record was opened: {arguments[0]}")

sys.addaudithook(watch)
import sandtable
for package in %r:
    package = importlib.import_module(f"sandtable.{package}")
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
from sandtable.comparison import load_claims, one_battle, sceptic
from sandtable.laws.coefficients import load_coefficients
from sandtable.scenario import load_scenario
from sandtable.streams import Streams
scenario = load_scenario(sys.argv[1])
one_battle(scenario.sampler.central(), load_coefficients(), Streams("s", 0), 5)
sceptic(scenario.sampler.central(), Streams("s", 0), 5)
print("before comparison: done")
try:
    load_claims(scenario.register, scenario.file.scenario.campaign)
except RuntimeError as error:
    print(error)
"""


@pytest.mark.verify
@pytest.mark.processes
def test_nothing_before_comparison_opens_a_record(scenario):
    done = subprocess.run(
        [sys.executable, "-c", WATCHED % (BEFORE,), str(scenario)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.splitlines()
    assert first == "before comparison: done"
    # The watch holds: what comparison reads would have been caught.
    assert last.startswith("a record was opened: ")


def asked_for(tree: ast.AST) -> set[str]:
    """Names of the records' readers that a module imports from, or takes of, the evidence."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").endswith("comparison"):
            continue
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            found |= names | {node.module or ""} | {f"{node.module}.{name}" for name in names}
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found & RECORDS


def test_nothing_but_comparison_asks_for_records():
    found = {
        str(path.relative_to(ROOT)): names
        for path in MODULES
        if path.relative_to(ROOT).parts[0] not in ("evidence", "comparison")
        and (names := asked_for(parsed(path)))
    }
    assert found == {}


@pytest.fixture(scope="module")
def results():
    """Ids of the facts that tell of a result."""
    facts = load_facts(register_root()).values()
    return [fact.id for fact in facts if fact.note.startswith("a result without an outcome")]


@pytest.mark.parametrize(
    "path", sorted(scenarios_root().rglob("*.toml")), ids=lambda p: p.parent.name
)
def test_no_scenario_takes_or_names_a_result_that_stands_among_the_facts(path, results):
    assert len(results) > 10
    text = path.read_text(encoding="utf-8")
    assert [id for id in results if re.search(rf"\b{id}(?![\w-])", text)] == []


@pytest.mark.parametrize(
    "source",
    [
        "from sandtable.evidence import load_claims",
        "from sandtable.evidence.claims import COLUMNS",
        "from sandtable.evidence import claims",
        "import sandtable.evidence.claims as c",
        "from sandtable import evidence\nevidence.load_claims(root, 'kurils-1945')",
    ],
)
def test_asking_is_noticed(source):
    assert asked_for(ast.parse(source))

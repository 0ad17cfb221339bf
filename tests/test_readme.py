"""What README and the pages of the documentation tell their reader to type works as written."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

import sandtable
from battles.invented import battles, write
from sandtable.cli import main
from sandtable.evidence import check_register

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ASSUMED: dict[str, Callable[[Path], object]] = {
    "docs/how-to/fit-laws.md": lambda folder: write(folder / "battles.csv", battles())
}
"""What the reader of a page has beforehand, written into the folder in which he works."""


def commands(page: str) -> list[str]:
    """The lines of a page's ``sh`` blocks that begin with ``sandtable``, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        line.removeprefix("$ ").partition("  #")[0].strip()
        for language, block in FENCED.findall(text)
        if language == "sh"
        for line in block.replace("\\\n", " ").splitlines()
        if line.removeprefix("$ ").startswith("sandtable ")
    ]


# Of docs/verification.md the commands want a table that nobody but its maintainers has.
PAGES = [
    page
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if (page := str(path.relative_to(ROOT))) != "docs/verification.md" and commands(page)
]


def small(command: str, *, figures: bool) -> list[str]:
    """Return a command's words, a run cut down to four replications, or without its figures."""
    words = shlex.split(re.sub(r"(?:-n|--replications)[ =]\d+", "-n 4", command))[1:]
    more = ["-n", "4"] if words[0] == "run" and "-n" not in words else []
    plain = words[0] in ("run", "vary", "sensitivity") and not figures
    return words + more + (["--no-figures"] if plain else [])


@pytest.mark.verify
@pytest.mark.parametrize("page", PAGES)
def test_commands_run_in_order(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    ASSUMED.get(page, lambda folder: None)(tmp_path)
    told = commands(page)
    if any("--scheduler" in command for command in told):
        cluster = request.getfixturevalue("cluster")
        cluster.worker("--nthreads", "1")
        cluster.await_workers(1)
        told = [re.sub(r"tcp://HOST:\d+", cluster.address, command) for command in told]
    # Drawing takes most of a run's time, and is the same for all of one campaign.
    drawn = [command for command in told if command.startswith("sandtable run ")][:1]
    for command in told:
        with pytest.raises(SystemExit) as left:
            main(small(command, figures=command in drawn))
        assert not left.value.code, command


@pytest.mark.verify
def test_the_two_commands_of_the_readme_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = [text for _, text in FENCED.findall(README)]
    install, run = block.splitlines()
    assert install == "pip install ."
    with pytest.raises(SystemExit) as left:
        main([*small(run, figures=False), "--jobs", "1"])
    assert not left.value.code
    assert [path.name for path in tmp_path.glob("results/manchuria-1945/*")]


def test_the_readme_is_short_and_names_every_campaign() -> None:
    assert len(README.split()) < 700
    named = set(re.findall(r"`([\w-]+)`\]\(docs/campaigns/", README))
    assert named == {name for name, _ in sandtable.available()}


def test_the_size_of_the_register_is_as_told() -> None:
    told = re.search(r"([\d,]+) facts and ([\d,]+) claims with a figure", README)
    assert told is not None
    report = check_register(ROOT / "seeds")
    assert [int(n.replace(",", "")) for n in told.groups()] == [report.facts, report.claims]


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", README))
    assert {"demo", "test"} <= named <= targets

"""What README and tutorial tell their reader to type works as written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sandtable.cli import main
from sandtable.evidence import check_register

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = (
    "README.md",
    "docs/your-own-campaign.md",
    "docs/battles-and-crt.md",
    *(f"docs/campaigns/{path.name}" for path in sorted((ROOT / "docs/campaigns").glob("*.md"))),
)


def commands(page: str) -> list[str]:
    """The lines of a page's ``sh`` blocks that begin with ``sandtable``, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        line.removeprefix("$ ").partition("  #")[0].strip()
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for line in block.replace("\\\n", " ").splitlines()
        if line.removeprefix("$ ").startswith("sandtable ")
    ]


def small(command: str, *, figures: bool) -> list[str]:
    """Return a command's words, a run cut down to four replications, or without its figures."""
    words = shlex.split(re.sub(r"(?:-n|--replications)[ =]\d+", "-n 4", command))[1:]
    if words[0] != "run":
        return words
    return words + ([] if "-n" in words else ["-n", "4"]) + ([] if figures else ["--no-figures"])


@pytest.mark.parametrize(
    "page", [PAGES[0], *(pytest.param(page, marks=pytest.mark.verify) for page in PAGES[1:])]
)
def test_commands_run_in_order(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = commands(page)
    assert len(told) > 5
    # Drawing takes most of a run's time, and is the same for all of one campaign.
    drawn = [command for command in told if command.startswith("sandtable run ")][:1]
    for command in told:
        with pytest.raises(SystemExit) as left:
            main(small(command, figures=command in drawn))
        assert not left.value.code, command


def test_the_size_of_the_register_is_as_told() -> None:
    told = re.search(r"([\d,]+) facts and ([\d,]+) claims with a figure", README)
    assert told is not None
    report = check_register(ROOT / "seeds")
    assert [int(n.replace(",", "")) for n in told.groups()] == [report.facts, report.claims]


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", README))
    assert {"demo", "test"} <= named <= targets

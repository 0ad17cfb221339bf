"""Verbs that only look: list, show, check, cite, and what they say of bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sandtable import cli
from sandtable.cli.verbs import VERBS, loaded

GROUPS = {"battles": ["fit", "predict", "validate"], "operations": ["fit", "predict", "validate"]}
IN_GROUPS = [[group, name] for group, verbs in GROUPS.items() for name in verbs]


def test_every_verb_has_help_quiet_and_json(call: Any) -> None:
    for verb in [*([name] for name in VERBS if name not in (*GROUPS, "help")), *IN_GROUPS]:
        said = call(*verb, "--help")
        assert said.code == 0
        for option in ("--help", "--quiet", "--json"):
            assert option in said.out, f"{verb}: {option}"


@pytest.mark.parametrize("name", VERBS)
def test_the_line_of_a_verb_is_that_of_its_module(name: str) -> None:
    verb, line = loaded(name), VERBS[name]
    assert verb.name == name
    assert verb.help.split()[0] == line.split()[0].rstrip(",") or name in ("import", "operations")
    assert line.endswith(".")


def test_no_module_of_a_verb_is_without_a_line() -> None:
    made = set()
    for module in Path(cli.__file__).parent.glob("*.py"):
        name, text = module.stem.removesuffix("_"), module.read_text(encoding="utf-8")
        if f"\ndef {module.stem}(" in text or f'app = group(\n    "{name}",' in text:
            made.add(name)
    assert made == set(VERBS)


def test_no_line_of_a_verb_is_cut_off(call: Any) -> None:
    listed = call("--help").out.partition("Commands:\n")[2].splitlines()
    assert [line.split(maxsplit=1) for line in listed] == [list(pair) for pair in VERBS.items()]


def test_help_is_a_verb_too(call: Any) -> None:
    for verb in ([], ["run"], ["battles"], ["battles", "fit"]):
        asked, option = call("help", *verb), call(*verb, "--help")
        assert (asked.code, asked.out) == (0, option.out)
    wrong = call("help", "rum")
    assert wrong.code == 2
    assert "rum" in wrong.err


def test_version(call: Any) -> None:
    import sandtable

    assert call("--version").out == f"sandtable {sandtable.__version__}\n"


def test_check_counts_what_it_read(call: Any, hill: list[str]) -> None:
    said = call("check", *hill)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("hill: sound; 3 places, 2 legs, 3 formations")
    assert call("check", *hill, "--quiet").out == ""
    assert json.loads(call("check", *hill, "--json").out)["formations"] == 3


def test_check_seeds(call: Any, hill: list[str]) -> None:
    said = call("check", "seeds", *hill[1:])
    assert (said.code, said.out) == (0, f"register: {hill[2]}; sound; 3 facts, 2 claims\n")


def test_check_seeds_reports_every_problem(call: Any, hill: list[str], tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    facts.mkdir()
    (tmp_path / "outcomes").mkdir()
    (tmp_path / "sources.toml").write_bytes((Path(hill[2]) / "sources.toml").read_bytes())
    good = (Path(hill[2]) / "facts/lake-khasan-1938.csv").read_text(encoding="utf-8")
    bad = good.replace("person,1938,field-manual,,medium", "persn,1938,field-manul,,medium")
    (facts / "lake-khasan-1938.csv").write_text(bad, encoding="utf-8", newline="\n")
    said = call("check", "seeds", "--register", tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "did you mean 'person'?" in said.err
    listed = call("check", "seeds", "--register", tmp_path, "--json")
    assert listed.code == 2
    report = json.loads(listed.out)
    assert not report["sound"]
    assert report["problems"]


def test_show_counts_reasons(call: Any, hill: list[str]) -> None:
    said = call("show", *hill)
    assert said.code == 0
    assert "3 cited, 10 assumed, 2 derived; 2 facts used" in said.out
    assert "What if the hill is held by half as many?" in said.out
    assert call("show", *hill, "--quiet").out == "cited 3\nassumed 10\nderived 2\n"


@pytest.mark.parametrize("verb", ["show", "cite"])
def test_where_a_number_comes_from_is_told_in_words(call: Any, hill: list[str], verb: str) -> None:
    said = call(verb, hill[0], "formation.9-division", *hill[1:])
    assert said.code == 0
    cited, assumed, *_ = said.out.split("\n\n")
    assert cited.splitlines() == [
        "formation.9-division.personnel: 7,000 person, cited",
        "  fact fm-defender (japan, 1938, high confidence)",
        "    division, personnel: 7,000 person",
        "    source: A field manual made for these tests, no line recorded",
    ]
    assert assumed.splitlines() == [
        "formation.9-division.effectiveness: 0.8 share, assumed",
        "  because: seasoned",
    ]
    wrong = call(verb, hill[0], "formation.9-divison", *hill[1:])
    assert wrong.code == 2
    assert "did you mean 'formation.9-division'?" in wrong.err


def test_what_would_replace_an_assumption_is_told_after_its_reason(
    call: Any, hill: list[str]
) -> None:
    key = "formation.9-division.effectiveness"
    value = '{assumed = 0.6, because = "green", until = "its rating of that month"}'
    said = call("show", hill[0], key, *hill[1:], "--set", f"{key}={value}")
    assert said.out.splitlines() == [
        f"{key}: 0.6 share, assumed",
        "  because: green",
        "  until: its rating of that month",
        "",
    ]
    listed = call("show", *hill, "--quantities", "--set", f"{key}={value}")
    assert "green (until: its rating of that month)" in " ".join(listed.out.split())


def test_the_fact_behind_a_number_is_there_for_programs(call: Any, hill: list[str]) -> None:
    said = call("show", hill[0], "formation.9-division.personnel", *hill[1:], "--json")
    (use,) = json.loads(said.out)["quantity"]
    (fact,) = use["cited"]
    assert (fact["id"], fact["low"], fact["source"]["id"]) == (
        "fm-defender", 7000.0, "field-manual",
    )  # fmt: skip


def test_show_resolved_is_toml(call: Any, hill: list[str]) -> None:
    import tomllib

    document = tomllib.loads(call("show", *hill, "--resolved").out)
    assert document["formations"][0]["personnel"] == 9000
    changed = call("show", *hill, "--resolved", "--set", "formation.9-division.personnel=5")
    assert tomllib.loads(changed.out)["formations"][2]["personnel"] == 5


def test_cite_says_what_each_fact_feeds(call: Any, hill: list[str]) -> None:
    said = call("cite", *hill, "--json", "--assumptions")
    told = json.loads(said.out)
    (source,) = told["sources"]
    assert source["id"] == "field-manual"
    feeds = {fact["fact"]: fact["keys"] for fact in source["facts"]}
    assert feeds == {
        "fm-rifle": ["formation.1-division.personnel", "formation.2-division.personnel"],
        "fm-defender": ["formation.9-division.personnel"],
    }
    reasons = {use["key"]: use["because"] for use in told["assumptions"]}
    assert reasons["formation.9-division.fortification"] == "field works"
    # What came of it is no reason for anything in a scenario.
    assert "after-action" not in said.out
    assert call("cite", *hill, "--quiet").out == "field-manual\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--without", "cohesoin"], "did you mean 'cohesion'?"),
        (["--variant", "weak-defense"], "did you mean 'weak-defence'?"),
        (["--set", "formation.9-divison.personnel=5"], "did you mean"),
        (["--set-file", "nowhere.toml"], "nowhere.toml"),
        (["-n", "-1"], "--replications"),
        (["-n", "0"], "--replications"),
        (["--seed", "-1"], "--seed"),
        (["--jobs", "0"], "--jobs"),
        (["--resume", "--overwrite"], "only one of the two"),
        (["--colour"], "--colour"),
    ],
)
def test_bad_options_exit_2_and_say_why(
    call: Any, hill: list[str], tmp_path: Path, words: list[str], message: str
) -> None:
    said = call("run", *hill, "--out", tmp_path / "run", *words)
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


def test_every_problem_of_a_scenario_is_told(call: Any, hill: list[str]) -> None:
    said = call("check", *hill, "--without", "feul", "--without", "arttrition")
    assert said.code == 2
    assert said.err.count("error: ") == 2


def test_a_misspelt_seeds_is_answered(call: Any) -> None:
    said = call("check", "seedz")
    assert said.code == 2
    assert said.err.endswith("did you mean 'seeds'?\n")


def test_broken_toml_is_told_with_its_place_and_in_words(call: Any, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('[scenario]\ntitle = "sound"\ncampaign = unquoted\n', encoding="utf-8")
    said = call("check", path)
    assert said.code == 2
    assert said.err == (
        f"error: {path}: line 3, column 12: found broken TOML: something that is no value "
        "(text stands in quotes), in: campaign = unquoted; allowed: TOML\n"
    )


def test_a_place_by_its_other_name_is_answered_with_its_id(call: Any) -> None:
    for key in ("order.55-division-counterattacks.place", "formation.53-division.start"):
        for name in ("Mont-Dieu", "mont-dieu"):
            said = call("check", "sedan-1940", "--set", f"{key}={name}")
            assert said.code == 2
            assert "did you mean 'stonne'?" in said.err, (key, name)


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (None, "no such folder"),
        ("folder", "a folder without manifest.json, so not a run"),
        ("file", "a file"),
    ],
)
def test_what_is_no_run_is_told(call: Any, tmp_path: Path, made: str | None, found: str) -> None:
    path = tmp_path / "nothing"
    if made == "folder":
        path.mkdir()
    elif made == "file":
        path.write_text("", encoding="utf-8")
    said = call("compare", path)
    assert said.code == 2
    assert said.err == (
        f"error: {path}: run: found {found}; allowed: the folder of a finished run\n"
    )


@pytest.mark.parametrize("verb", ["show", "check", "run", "cite", "compare"])
def test_what_is_not_there(call: Any, verb: str, tmp_path: Path) -> None:
    said = call(verb, tmp_path / "nothing")
    assert said.code == 2
    assert "nothing" in said.err
    assert "Traceback" not in said.err


@pytest.mark.processes
def test_a_closed_pipe_is_no_error(hill: list[str]) -> None:
    command = [sys.executable, "-m", "sandtable", "show", *hill, "--resolved"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert err == b""

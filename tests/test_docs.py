"""What the documentation says of the model is what the program holds.

``python tests/test_docs.py`` writes the generated tables of docs/model.md anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from itertools import product
from math import exp
from pathlib import Path
from typing import Any

import pytest

from sandtable import engine
from sandtable.laws.attrition import FORMS, POSTURE_PARAMETERS
from sandtable.laws.coefficients import ADVANCE, OUTCOME, Coefficients, Fit, load_coefficients
from sandtable.laws.planning import load_planning, render_markdown
from sandtable.scenario import load_scenario
from sandtable.scenario.mechanisms import MECHANISMS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "model.md"
MODEL = PAGE.read_text(encoding="utf-8")
VERIFICATION = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
SIDES = ("attacker", "defender")
POSTURE_NAMES = dict(zip(POSTURE_PARAMETERS, ("prepared", "fortified", "delay"), strict=True))
POSTURE_NAMES["delay"] = "delay, withdrawal"


# --- the generated tables ---------------------------------------------------------------------


def raw() -> dict[str, Any]:
    """The coefficients file itself, for what a loaded fit does not carry."""
    import tomllib

    import sandtable.laws

    file = Path(sandtable.laws.__path__[0]) / "coefficients.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def figure(fit: Fit, parameter: str) -> str:
    """A coefficient with its standard error."""
    if parameter not in fit.parameters:
        return "fixed"
    estimate = float(fit.estimates[fit.parameters.index(parameter)])
    return f"{estimate:.2f} ± {fit.standard_errors()[parameter]:.2f}"


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def attrition() -> str:
    laws, written = load_coefficients(), raw()["attrition"]
    names = {"constant": "k", **POSTURE_NAMES, "own": "p", "opponent": "q", "log-time": "ln c"}
    errors = {
        "rms_in_sample": "rms error of ln C, in sample",
        "rms_cross_validated": f"the same, {raw()['meta']['folds']}-fold cross-validation",
    }
    tables = []
    for side, sign in (("attacker", 0), ("defender", 1)):
        rows = [
            [shown, *(figure(laws.fits[f"attrition.{law}"], f"{side}.{name}") for law in FORMS)]
            for name, shown in names.items()
        ]
        rows += [
            [shown, *(f"{written[law][key][sign]:.2f}" for law in FORMS)]
            for key, shown in errors.items()
        ]
        tables.append(table([side, *(f"`{law}`" for law in FORMS)], rows))
    return "\n\n".join([*tables, in_words(laws)])


def in_words(laws: Coefficients) -> str:
    """What the table of the default law comes to."""
    fit, written, meta = laws.fits["attrition.fatigue"], raw()["attrition"]["fatigue"], laws.meta
    l11, l21, l22 = laws.residuals["fatigue"]
    sd = (l11, (l21**2 + l22**2) ** 0.5)
    c = [exp(fit.estimates[fit.parameters.index(f"{s}.log-time")]) for s in SIDES]
    pq = [correlation(fit, f"{side}.own", f"{side}.opponent") for side in SIDES]
    factor = [exp(error) for error in written["rms_cross_validated"]]
    return "\n".join(
        [
            f"{fit.battles} battles, {meta['first_battle'][:4]} to {meta['last_battle'][:4]},"
            f" of which {meta['left_out_for_zero_casualties']} left out for want of casualties.",
            f"`fatigue` has c = {c[0]:.2f} (attacker) and {c[1]:.2f} (defender);"
            f" its residuals have standard deviations {sd[0]:.2f} and {sd[1]:.2f}",
            f"and correlation {l21 / sd[1]:.2f}. Estimates of p and q have correlation"
            f" {pq[0]:.2f} and {pq[1]:.2f}. The error is a factor of",
            f"{factor[0]:.1f} (attacker) and {factor[1]:.1f} (defender) either way. Of a ten-day"
            f" battle's casualties {0.1 ** c[0]:.0%} and {0.1 ** c[1]:.0%} fall on the first day.",
        ]
    )


def correlation(fit: Fit, first: str, second: str) -> float:
    i, j = fit.parameters.index(first), fit.parameters.index(second)
    covariance = fit.covariance
    return float(covariance[i, j] / (covariance[i, i] * covariance[j, j]) ** 0.5)


def outcome() -> str:
    fit, written = load_coefficients().fits[OUTCOME], raw()["outcome"]["hazards"]
    names = {"constant": "constant", **POSTURE_NAMES}
    names |= {"ratio": "ln r", "total": "ln(N / 10,000)"}
    rows = [
        [shown, figure(fit, f"breaks.{name}"), figure(fit, f"quits.{name}")]
        for name, shown in names.items()
    ]
    return "\n\n".join(
        [
            table(["", "defender breaks", "attacker quits"], rows),
            f"{fit.battles} battles with a known outcome. Log-likelihood"
            f" {written['log_likelihood']:.1f}; with two constants alone"
            f" {written['log_likelihood_constant']:.1f}.\nIf hazards go as T^(s−1), the likelihood"
            f" is greatest at s = {written['weibull_shape']:.2f} (1: memoryless).",
        ]
    )


def advance() -> str:
    fit, written = load_coefficients().fits[ADVANCE], raw()["advance"]["fitted"]
    names = {"constant": "c0", **POSTURE_NAMES, "ratio": "c1 (ln r)", "tanks": "c2 (tanks)"}
    rows = [[shown, figure(fit, name)] for name, shown in names.items()]
    rows.append(["s", f"{written['residual_sd']:.2f}"])
    rows.append(["rms error of ln v, in sample", f"{written['rms_in_sample']:.2f}"])
    rows.append(["the same, cross-validated", f"{written['rms_cross_validated']:.2f}"])
    within, error = written["ratio_within_wars"]
    return "\n\n".join(
        [
            table(["", "estimate"], rows),
            f"{fit.battles} battles, {written['tanks_unknown_in']} of them with unknown tanks"
            f" (mean of ln(1 + x): {written['unknown_tanks']:.2f}).\nWithin wars the slope on ln r"
            f" alone is {within:.2f} ± {error:.2f}.",
        ]
    )


GENERATED: dict[str, Callable[[], str]] = {
    "attrition": attrition,
    "outcome": outcome,
    "advance": advance,
    "planning": render_markdown,
}


def block(name: str) -> re.Pattern[str]:
    """Everything between the markers of a generated table."""
    return re.compile(rf"(<!-- generated: {name} -->\n)(.*?)(<!-- end -->)", re.DOTALL)


@pytest.mark.parametrize("name", GENERATED)
def test_generated_tables_are_those_of_the_files(name: str) -> None:
    found = block(name).search(MODEL)
    assert found, f"docs/model.md has no table '{name}'"
    expected = f"\n{GENERATED[name]()}\n\n"
    assert found[2] == expected, "run `python tests/test_docs.py` to write the tables anew"


def test_every_generated_table_is_known() -> None:
    assert re.findall(r"<!-- generated: (\w+) -->", MODEL) == list(GENERATED)


def test_no_planning_figure_is_left_out() -> None:
    planning, rows = load_planning(), {}
    for row in render_markdown().splitlines()[2:]:
        section, figures = re.match(r"\| `([\w.-]+)` \| (.*?) \|", row).groups()  # type: ignore[union-attr]
        rows[section] = figures.split("; ")
    assert rows.keys() == planning.sources.keys()
    expected = {name: f"{low:g} to {high:g}" for name, (low, high) in planning.ranges.items()}
    expected |= {name: f"{value:g}" for name, value in planning.fixed.items()}
    for name, text in expected.items():
        section, _, key = name.rpartition(".")
        assert (text in rows[name]) if name in rows else (f"{key} {text}" in rows[section]), name
    assert sum(map(len, rows.values())) == len(expected) + len(planning.tables)


# --- names ------------------------------------------------------------------------------------


def section(title: str) -> str:
    """The text under a heading of the second level."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", MODEL, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def test_every_mechanism_has_its_section() -> None:
    parts = re.split(r"^### `([\w-]+)`\n", section("The mechanisms"), flags=re.MULTILINE)
    assert parts[1::2] == list(MECHANISMS)
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        assert "\nWithout it: " in text, name


def test_figures_fixed_in_the_code_are_as_written() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| ([\d.]+) \|", section("Figures fixed in the code"), re.M)
    assert rows
    for name, value in rows:
        module, _, constant = name.rpartition(".")
        assert getattr(import_module(f"sandtable.{module}"), constant) == float(value), name


def test_every_random_stream_of_the_engine_is_listed() -> None:
    sources = "".join(p.read_text("utf-8") for p in Path(engine.__path__[0]).glob("*.py"))
    opened = re.findall(r"\.draws\(\s*f\"([a-z]+)/", sources)
    listed = set(re.findall(r"`([a-z]+)/", section("What is drawn, and when")))
    assert sources.count(".draws(") == len(opened) > 0
    assert listed == {*opened, "input", "baseline"}


def pattern(name: str) -> list[str]:
    """Regular expressions of an outcome's name with <...> and {a,b} in it."""
    parts = [
        part[1:-1].split(",") if part.startswith("{") else [re.sub(r"<\w+>", "[a-z0-9-]+", part)]
        for part in re.split(r"({[^}]*})", name)
    ]
    return ["".join(choice) for choice in product(*parts)]


def test_every_outcome_is_listed_and_every_listed_one_is_an_outcome() -> None:
    inputs = Path(__file__).parent / "inputs" / "runs"
    hill = load_scenario(
        inputs / "hill.toml",
        register_root=inputs / "register",
        overrides=["place.hill.kind=fortified-region"],
    )
    names = engine.Accounts(hill.template.central()).outcomes
    listed = [
        one
        for name in re.findall(r"^\| `([^`]+)` \|", section("Outcomes"), re.M)
        for one in pattern(name)
    ]
    assert [name for name in names if not any(re.fullmatch(one, name) for one in listed)] == []
    assert [one for one in listed if not any(re.fullmatch(one, name) for name in names)] == []


# --- links and places -------------------------------------------------------------------------


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        other = page.parent / file if file else page
        assert other.is_file(), target
        heads = re.findall(r"^#+ (.*)$", other.read_text(encoding="utf-8"), re.MULTILINE)
        assert not anchor or anchor in {anchor_of(head) for head in heads}, target


def anchor_of(head: str) -> str:
    return re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-")


def test_tests_named_in_the_verification_exist() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", VERIFICATION)
    assert len(named) > 10
    for file, test in named:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not test or f"def {test}(" in text, f"{file}::{test}"


def test_make_targets_named_in_the_verification_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"test", "verify"} <= set(re.findall(r"\bmake ([a-z]+)", VERIFICATION)) <= targets


if __name__ == "__main__":
    page = MODEL
    for table_name, render in GENERATED.items():
        found = block(table_name).search(page)
        assert found, f"docs/model.md has no table '{table_name}'"
        page = f"{page[: found.start(2)]}\n{render()}\n\n{page[found.end(2) :]}"
    PAGE.write_text(page, encoding="utf-8", newline="\n")

"""What the documentation says of the model is what the program holds.

``python tests/test_docs.py`` writes the generated tables of docs/model.md anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from itertools import product
from math import exp
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandtable import engine
from sandtable.laws.attrition import FORMS, FULL_FEATURES, AttritionForm
from sandtable.laws.coefficients import Coefficients, load_coefficients
from sandtable.laws.fitted import Fit
from sandtable.laws.operational import Regression, load_operational
from sandtable.laws.planning_file import load_planning, render_markdown
from sandtable.mechanisms import MECHANISMS
from sandtable.operations.exam import LEVELS, examine
from sandtable.operations.fit import read_tables
from sandtable.ranges import Uncertain
from sandtable.scenario import load_scenario
from sandtable.scenario.resolved import Lift
from sandtable.shipped import operations_root

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "model.md"
MODEL = PAGE.read_text(encoding="utf-8")
VERIFICATION = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
SIDES = ("attacker", "defender")
FACTOR_NAMES = {"delay": "delay, withdrawal"}
EXPONENTS = {"own": "p", "opponent": "q", "time": "c"}
EFFECT_NAMES = {
    "war": "spread of wars",
    "campaign": "spread of campaigns",
    "attacking-nation": "spread of attacking armies",
    "defending-nation": "spread of defending armies",
}
ENTERS = {
    "wet": "1 wet, 0 dry",
    "attacker-tanks": "ln(1 + attacker's tanks a thousand of his men)",
    "defender-tanks": "the same of the defender",
    "attacker-guns": "ln(1 + attacker's guns a thousand of his men); in no shipped law",
    "defender-guns": "the same of the defender; in no shipped law",
    "air": "1 attacker's superiority, 0 nobody's, -1 defender's",
    "surprise": "3 complete, 2 substantial, 1 minor, 0 none; negative: the defender's",
    "year": "of the battle",
    "density": "ln(attackers a km of front)",
}
KNOWN_ARMIES = ("USSR 1937-1945", "Japan 1937-1945")


# --- the generated tables ---------------------------------------------------------------------


def signed(estimate: float, error: float) -> str:
    """A figure with its standard error, without a negative nought."""
    return f"{estimate:.2f} ± {error:.2f}".replace("-0.00", "0.00")


def figure(fit: Fit, parameter: str) -> str:
    """A coefficient with its standard error; nothing where the law doesn't have it."""
    if parameter not in fit.parameters:
        return ""
    i = fit.parameters.index(parameter)
    return signed(float(fit.estimates[i]), float(fit.covariance[i, i]) ** 0.5)


def spread(fit: Fit, group: str) -> str:
    """A group's spread with the error of its logarithm as a factor, if the law has the group."""
    if group not in fit.effects:
        return ""
    effects = fit.effects[group]
    return f"{effects.spread:.2f} ×÷ {exp(effects.spread_error):.1f}"


def shown(parameter: str) -> str:
    return FACTOR_NAMES.get(parameter, parameter)


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def factors() -> str:
    rows = []
    for name, scale in load_coefficients().scales.items():
        figures = [f"{x:.0f}" if name == "year" else f"{x:.2f}" for x in scale]
        rows.append([f"`{name}`", ENTERS[name], *figures[:2], f"{figures[2]} to {figures[3]}"])
    return table(["factor", "number", "mean", "spread", "range"], rows)


def ranges() -> str:
    within = load_coefficients().range
    told = {
        "days": ("T, days of a battle", "held at the least; above, the power goes on"),
        "persons": ("N, persons of both sides", "pace, advance; casualties in proportion"),
        "strength": ("strength of either side, persons", "not held by itself"),
        "ratio": ("r, attacker's over defender's strength", "odds, advance"),
    }
    rows = [
        [text, *(f"{x:,.4g}" if x < 1000 else f"{x:,.0f}" for x in getattr(within, name)), held]
        for name, (text, held) in told.items()
    ]
    return table(["argument", "least", "greatest", "held in"], rows)


def armies() -> str:
    fits = load_coefficients().fits
    laws = {
        "attrition.full.attacker": "attacker's casualties",
        "attrition.full.defender": "defender's casualties",
        "outcome.odds": "attacker's odds",
        "advance.fitted": "advance",
    }
    rows = []
    for army in (*KNOWN_ARMIES, "any that is not known"):
        for group, verb in (("attacking-nation", "attacking"), ("defending-nation", "defending")):
            effects = (fits[name].effects.get(group) for name in laws)
            cells = ("" if effect is None else signed(*effect.of(army)) for effect in effects)
            rows.append([army, verb, *cells])
    return table(["army", "", *laws.values()], rows)


def attrition() -> str:
    laws = load_coefficients()
    tables = []
    for side in SIDES:
        fits = {law: laws.fits[f"attrition.{law}.{side}"] for law in FORMS}
        rows = [["k", *(figure(fit, "constant") for fit in fits.values())]]
        rows += [
            [symbol, *(exponent(fit, FORMS[law], name) for law, fit in fits.items())]
            for name, symbol in EXPONENTS.items()
        ]
        rows += [
            [shown(name), *(figure(fit, name) for fit in fits.values())] for name in FULL_FEATURES
        ]
        rows += [
            [text, *(spread(fit, group) for fit in fits.values())]
            for group, text in EFFECT_NAMES.items()
        ]
        rows.append(["s", *(f"{fit.residual_sd:.2f}" for fit in fits.values())])
        tables.append(table([side, *(f"`{law}`" for law in FORMS)], rows))
    return "\n\n".join([*tables, in_words(laws)])


def exponent(fit: Fit, form: AttritionForm, name: str) -> str:
    """A fitted exponent, or the number that the form fixes."""
    fixed = getattr(form, name)
    return figure(fit, name) if fixed is None else f"{fixed:.0f}"


def in_words(laws: Coefficients) -> str:
    """What the table of the default law comes to."""
    meta, fits = laws.meta, [laws.fits[f"attrition.full.{side}"] for side in SIDES]
    c = [float(fit.estimates[fit.parameters.index("time")]) for fit in fits]
    pq = [correlation(fit, "own", "opponent") for fit in fits]
    within = [exp(fit.residual_sd) for fit in fits]
    new = [
        exp((fit.residual_sd**2 + sum(e.new_spread**2 for e in fit.effects.values())) ** 0.5)
        for fit in fits
    ]
    recorded = [exp(fit.recorded_sd) for fit in fits]
    zero = [meta["left_out"][f"{side}'s casualties unknown or none"] for side in SIDES]
    return "\n".join(
        [
            f"{fits[0].battles} battles, {meta['first_battle'][:4]} to {meta['last_battle'][:4]};"
            f" {zero[0]} and {zero[1]} left out because a side had no casualties or none known.",
            f"Under `full` one battle lies a factor of {within[0]:.1f} (attacker) and"
            f" {within[1]:.1f} (defender) either way from others of its war, campaign and",
            f"armies (one standard deviation, correlation"
            f" {laws.correlations['full']:.2f} between the sides); one of a war, a campaign and"
            f" armies that are new, {new[0]:.1f} and {new[1]:.1f}.",
            f"A record itself lies {recorded[0]:.1f} and {recorded[1]:.1f} either way. Of a"
            f" ten-day battle's casualties {0.1 ** c[0]:.0%} and {0.1 ** c[1]:.0%} fall on the"
            " first day.",
            f"Estimates of p and q have correlation {pq[0]:.2f} and {pq[1]:.2f}.",
        ]
    )


def correlation(fit: Fit, first: str, second: str) -> float:
    i, j = fit.parameters.index(first), fit.parameters.index(second)
    covariance = fit.covariance
    return float(covariance[i, j] / (covariance[i, i] * covariance[j, j]) ** 0.5)


def outcome() -> str:
    laws = load_coefficients()
    pace, odds = laws.fits["outcome.pace"], laws.fits["outcome.odds"]
    names = {"constant": "constant", "total": "ln(N / 10,000)", "ratio": "ln r"}
    names |= {name: shown(name) for name in odds.terms.features}
    rows = [[text, figure(pace, name), figure(odds, name)] for name, text in names.items()]
    rows += [
        [text, spread(pace, group), spread(odds, group)]
        for group, text in EFFECT_NAMES.items()
        if group in pace.effects or group in odds.effects
    ]
    return "\n\n".join(
        [
            table(["", "ln h: when", "ln o: for the attacker"], rows),
            f"Shape s = {laws.shape:.2f}. {pace.battles} battles with a known outcome;"
            f" {odds.battles} of them were decided, a share of {laws.decided:.2f}.",
        ]
    )


def advance() -> str:
    laws = load_coefficients()
    fit = laws.fits["advance.fitted"]
    names = {"constant": "k", "ratio": "b (ln r)", "total": "e (ln(N / 10,000))", "time": "c"}
    names |= {name: shown(name) for name in fit.terms.features}
    rows = [[text, figure(fit, name)] for name, text in names.items()]
    rows += [[text, spread(fit, group)] for group, text in EFFECT_NAMES.items()]
    rows.append(["s", f"{fit.residual_sd:.2f}"])
    won, lost = laws.stalled
    return "\n\n".join(
        [
            table(["", "estimate"], rows),
            f"{fit.battles} battles with ground gained. Without any: {won:.0%} of those that the"
            f" attacker won, {lost:.0%} of the others.",
        ]
    )


def operations() -> str:
    fits = load_operational()
    rows = []
    for name, fit in fits.regressions.items():
        for i, term in enumerate(fit.terms):
            said = signed(float(fit.estimates[i]), float(fit.covariance[i, i]) ** 0.5)
            median = MEDIANS.get((name, term))
            rows.append([f"`{name}`", term, said, median(fit) if median else "", str(fit.cases)])
        spread = signed(fit.spread, fit.spread * fit.spread_error)
        rows.append([f"`{name}`", "spread s", spread, "", str(fit.cases)])
    return table(["law", "term", "estimate", "median", "cases"], rows)


def exam() -> str:
    rows = [
        [f"`{s.law}`", f"{s.rms:.2f}", *(f"{share:.2f}" for share in s.covered), str(s.cases)]
        for s in examine(read_tables(operations_root()))
    ]
    return table(["law", "rms error", *(f"inside {x:.0%}"[:-1] for x in LEVELS), "cases"], rows)


MEDIANS: dict[tuple[str, str], Callable[[Regression], str]] = {
    ("siege", "constant"): lambda fit: f"{exp(fit.estimates[0]):.0f} days",
    ("siege", "field-works"): lambda fit: f"{exp(sum(fit.estimates)):.0f} days",
    ("pocket", "constant"): lambda fit: f"{exp(fit.estimates[0]):.0f} days",
    ("escape", "constant"): lambda fit: f"{1 / (1 + exp(-fit.estimates[0])):.2f}",
    ("landing", "constant"): lambda fit: f"{exp(fit.estimates[0]):.0f} a thousand",
    ("pursuit", "foot"): lambda fit: f"{exp(fit.estimates[0]):.0f} km a day",
    ("pursuit", "mobile"): lambda fit: f"{exp(fit.estimates[1]):.0f} km a day",
}


GENERATED: dict[str, Callable[[], str]] = {
    "factors": factors,
    "range": ranges,
    "armies": armies,
    "attrition": attrition,
    "outcome": outcome,
    "advance": advance,
    "operations": operations,
    "exam": exam,
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
    for name, figure in planning.named.items():
        if isinstance(figure, tuple):
            text = ", ".join(f"{x:g}" for x in figure)
        elif isinstance(figure, Uncertain):
            text = "{:g} to {:g}".format(*figure.span)
        else:
            text = f"{figure:g}"
        section, _, key = name.rpartition(".")
        assert (text in rows[name]) if name in rows else (f"{key} {text}" in rows[section]), name
    assert sum(map(len, rows.values())) == len(planning.named)


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
    assert listed == {*opened, "input", "baseline", "sceptic"}


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
    plain = hill.sampler.central()
    boats = Lift("boats", plain.sides[0].id, "attacker", 10.0, 50.0, 0.5)
    names = engine.Reporter(replace(plain, lifts=(boats,))).outcomes
    listed = [
        one
        for name in re.findall(r"^\| `([^`]+)` \|", section("Outcomes"), re.M)
        for one in pattern(name)
    ]
    assert [name for name in names if not any(re.fullmatch(one, name) for one in listed)] == []
    assert [one for one in listed if not any(re.fullmatch(one, name) for name in names)] == []


# --- links and places -------------------------------------------------------------------------


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        other = page.parent / file if file else page
        assert urlsplit(file).scheme or other.is_file(), target
        if not anchor or urlsplit(file).scheme:
            continue
        heads = re.findall(r"^#+ (.*)$", other.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in {anchor_of(head) for head in heads}, target


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

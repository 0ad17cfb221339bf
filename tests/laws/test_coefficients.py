"""The shipped coefficients: what is read is what is written, and every fault of a file is told."""

import hashlib
import subprocess
import sys
import tomllib
from copy import deepcopy
from importlib.resources import files

import numpy as np
import pytest
import tomli_w

from sandtable.errors import InputError
from sandtable.laws import coefficients as module
from sandtable.laws.attrition import FORMS
from sandtable.laws.circumstances import NUMBERS, TERRAINS
from sandtable.laws.coefficients import FITS, SIDES, load_coefficients
from sandtable.laws.fitted import NATIONS

SHIPPED = files("sandtable.laws") / "coefficients.toml"
RAW = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
ADVANCE = "advance.fitted"


@pytest.fixture(scope="module")
def coefficients():
    return load_coefficients()


def raw(key):
    value = RAW
    for part in key.split("."):
        value = value[part]
    return value


def test_digest_is_that_of_the_file(coefficients):
    assert coefficients.digest == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


def test_the_file_says_what_it_is_and_what_it_is_not(coefficients):
    assert coefficients.meta == RAW["meta"]
    assert "partial pooling" in coefficients.meta["what"]
    assert "Not fitted on any campaign that is simulated" in coefficients.meta["is_not"]
    assert len(coefficients.meta["table_digest"]) == 64


def test_no_battle_of_a_simulated_campaign_was_fitted_on(coefficients):
    """Those were fought between the Soviet Union and Japan, of which no war is among the levels."""
    for fit in coefficients.fits.values():
        for effects in fit.effects.values():
            for level in effects.levels:
                for word in ("khalkhin", "nomonhan", "khasan", "manchuria", "kuril", "sakhalin"):
                    assert word not in level.lower()


def test_armies_are_the_levels_of_both_groups_of_every_fit(coefficients):
    levels = {
        level
        for name in FITS
        for group in ("attacking-nation", "defending-nation")
        if group in raw(name)["effects"]
        for level in raw(name)["effects"][group]["levels"]
    }
    assert coefficients.armies == tuple(sorted(levels))
    assert {"Austria", "Spanish Republic", "USA", "USSR"} < set(coefficients.nations)
    for nation in coefficients.nations:
        assert any(level.startswith(f"{nation} ") for level in levels)


def test_the_same_content_is_read_once(coefficients):
    assert load_coefficients() is coefficients


def test_each_law_has_a_fit_of_each_side():
    assert set(FITS) == {f"attrition.{law}.{side}" for law in FORMS for side in SIDES} | {
        "outcome.pace", "outcome.odds", ADVANCE,
    }  # fmt: skip


@pytest.mark.parametrize("name", FITS)
def test_what_is_read_is_what_is_written(coefficients, name):
    fit, written = coefficients.fits[name], raw(name)
    assert fit.name == name
    armies = {
        f"{group}.{level}": (group, level)
        for group in NATIONS
        if group in written["effects"]
        for level in written["effects"][group]["levels"]
    }
    assert fit.coefficients == (*written["core"], *written["features"])
    assert fit.parameters == (*fit.coefficients, *armies)
    assert list(fit.armies) == list(armies.values())
    assert fit.estimates.tolist() == written["estimates"]
    lower = [row[: i + 1] for i, row in enumerate(fit.covariance.tolist())]
    assert lower == written["covariance"]
    assert fit.covariance.tolist() == fit.covariance.T.tolist()
    assert (fit.residual_sd, fit.recorded_sd) == (written["residual_sd"], written["recorded_sd"])
    assert fit.battles == written["battles"]
    assert list(fit.effects) == list(written["effects"]) == list(FITS[name].groups)
    for group, effects in fit.effects.items():
        section = written["effects"][group]
        assert effects.spread == section["spread"]
        assert effects.spread_error == section["spread_error"]
        assert list(effects.levels) == section["levels"]
        if group in NATIONS:
            places = [fit.parameters.index(f"{group}.{level}") for level in effects.levels]
            errors = np.sqrt(fit.covariance.diagonal())[places]
            pairs = zip(fit.estimates[places].tolist(), errors.tolist(), strict=True)
        else:
            pairs = zip(section["estimates"], section["errors"], strict=True)
        assert list(effects.levels.items()) == list(zip(section["levels"], pairs, strict=True))


def test_the_rest_of_what_is_written_is_read(coefficients):
    assert list(coefficients.scales) == list(NUMBERS)
    assert all(list(scale) == raw("factors")[n] for n, scale in coefficients.scales.items())
    for law in FORMS:
        assert coefficients.correlations[law] == raw(f"attrition.{law}.residual_correlation")
    assert coefficients.decided == raw("outcome.decided")
    assert coefficients.shape == raw("outcome.shape")
    assert list(coefficients.stalled) == raw("advance.stalled")


def test_the_table_reaches_as_far_as_it_is_written(coefficients):
    for name, span in coefficients.range._asdict().items():
        assert list(span) == raw("range")[name]
        assert 0.0 < span.low < span.high
    assert coefficients.range.persons.low >= 2 * coefficients.range.strength.low
    assert coefficients.range.days.low == raw("meta.shortest_days")
    assert raw("range.battles") == max(fit.battles for fit in coefficients.fits.values())


@pytest.mark.parametrize("name", FITS)
def test_no_level_is_known_worse_than_not_at_all(coefficients, name):
    """Data narrow what is known of a level: its error lies below the spread of its group."""
    for effects in coefficients.fits[name].effects.values():
        assert effects.levels
        for _, error in effects.levels.values():
            assert 0.0 < error <= effects.spread * (1 + 1e-6)


@pytest.mark.parametrize("name", FITS)
def test_what_is_known_of_casualties_leaves_a_residual(coefficients, name):
    fit = coefficients.fits[name]
    if name.startswith("outcome"):
        assert fit.residual_sd == fit.recorded_sd == 0.0
    else:
        assert 0.0 <= fit.recorded_sd < fit.residual_sd < 2.5


def test_richer_laws_leave_less_unexplained(coefficients):
    for side in SIDES:
        found = [
            coefficients.fits[f"attrition.{law}.{side}"].residual_sd
            for law in ("linear", "square", "free-exponents", "fatigue", "full")
        ]
        assert found == sorted(found, reverse=True)


@pytest.mark.processes
def test_importing_the_laws_imports_nothing_heavy():
    code = (
        "import sys, sandtable.laws.sampler;"
        "print([m for m in ('numpy', 'scipy', 'sandtable.battles') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def with_changes(changes):
    """The content of the shipped file with values put at these keys, or taken out where ABSENT."""
    content = deepcopy(RAW)
    for key, value in changes.items():
        *above, last = key.split(".")
        section = content
        for part in above:
            section = section[part]
        if value is ABSENT:
            del section[last]
        else:
            section[last] = value
    return content


def faults_of(path):
    with pytest.raises(InputError) as error:
        load_coefficients(path)
    assert all(problem.file == str(path) for problem in error.value.problems)
    return error.value.problems


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """Tells the faults of the shipped file with changes."""

    def faults(changes):
        # What TOML would give: to write it and read it again takes most of a test.
        monkeypatch.setattr(module, "toml_of", lambda *_: with_changes(changes))
        path = tmp_path / "coefficients.toml"
        path.write_text(str(changes.keys()))
        return faults_of(path)

    return faults


ABSENT = object()
SIZE = len(load_coefficients().fits[ADVANCE].estimates)
VECTOR, MATRIX = f"{SIZE} finite numbers", f"{SIZE} rows of 1 to {SIZE} finite numbers"
WAR = f"{ADVANCE}.effects.war"


def triangle(matrix):
    return [row[: i + 1] for i, row in enumerate(matrix.tolist())]


@pytest.mark.parametrize(
    ("key", "value", "found", "allowed"),
    [
        (f"{ADVANCE}.residual_sd", -1.0, "-1.0", "a number from 0"),
        (f"{ADVANCE}.residual_sd", "much", "'much'", "a number from 0"),
        (f"{ADVANCE}.residual_sd", True, "True", "a number from 0"),
        (f"{ADVANCE}.residual_sd", float("nan"), "nan", "a number from 0"),
        (f"{ADVANCE}.recorded_sd", float("inf"), "inf", "a number from 0"),
        (f"{ADVANCE}.battles", 2.5, "2.5", "a whole number"),
        (f"{ADVANCE}.core", ["constant", "total", "ratio", "time"],
         "['constant', 'total', 'ratio', 'time']", "constant, ratio, total, time"),
        (f"{ADVANCE}.core", [], "[]", "constant, ratio, total, time"),
        (f"{ADVANCE}.features", list(TERRAINS), "['flat', 'rolling', 'rugged']", "prepared"),
        ("outcome.pace.features", ["air"], "['air']", "none"),
        ("outcome.pace.core", "constant", "'constant'", "an array of names"),
        (f"{ADVANCE}.estimates", [1.0, 2.0], "an array of 2", VECTOR),
        (f"{ADVANCE}.estimates", [], "an array of 0", VECTOR),
        (f"{ADVANCE}.estimates", [float("inf")] * SIZE, f"an array of {SIZE}", VECTOR),
        (f"{ADVANCE}.estimates", ["1.0"] * SIZE, f"an array of {SIZE}", VECTOR),
        (f"{ADVANCE}.estimates", 3.0, "3.0", "an array of numbers"),
        (f"{ADVANCE}.covariance", [[1.0, 2.0], [3.0]], "rows of 2, 1", MATRIX),
        (f"{ADVANCE}.covariance", [], "no rows", MATRIX),
        (f"{ADVANCE}.covariance", [1.0, 2.0], "no rows", MATRIX),
        (f"{ADVANCE}.covariance", 1.0, "1.0", "an array of rows"),
        (f"{ADVANCE}.covariance", np.eye(SIZE).tolist(), f"rows of {SIZE}, {SIZE}", MATRIX),
        (f"{ADVANCE}.covariance", triangle(-np.eye(SIZE)), "a matrix that is not", "positive def"),
        (f"{ADVANCE}.covariance", triangle(np.zeros((SIZE, SIZE))), "a matrix that", "positive"),
        (f"{ADVANCE}.covariance", [["a"], *triangle(np.eye(SIZE))[1:]], "rows that", MATRIX),
        (f"{ADVANCE}.covariance", [[float("nan")], *triangle(np.eye(SIZE))[1:]], "rows th", MATRIX),
        (f"{WAR}.spread_error", -0.1, "-0.1", "a number from 0"),
        (f"{WAR}.spread", -0.1, "-0.1", "a number from 0"),
        (f"{WAR}.estimates", [0.1], "an array of 1", "finite numbers"),
        (f"{WAR}.errors", "none", "'none'", "an array of numbers"),
        ("outcome.decided", 10**400, str(10**400), "a number from 0 to 1"),
        ("factors.wet", [10**400, 1.0, 0.0, 1.0], "an array of 4", "4 finite numbers"),
        ("outcome.decided", 1.5, "1.5", "a number from 0 to 1"),
        ("attrition.full.residual_correlation", -1.1, "-1.1", "a number from -1 to 1"),
        ("advance.stalled", [0.1], "an array of 1", "2 finite numbers"),
        ("factors.wet", [0.1, 0.2, 0.3], "an array of 3", "4 finite numbers"),
        ("factors.wet", [0.0, 0.0, 0.0, 1.0], "[0.0, 0.0, 0.0, 1.0]", "a spread above 0"),
        ("factors.wet", [0.0, 1.0, 1.0, 0.0], "[0.0, 1.0, 1.0, 0.0]", "a range that runs upwards"),
        ("range.persons", [5.0, 2.0], "[5.0, 2.0]", "two numbers above 0 that run upwards"),
        ("range.ratio", [0.0, 2.0], "[0.0, 2.0]", "two numbers above 0 that run upwards"),
        ("range.days", [1.0], "an array of 1", "2 finite numbers"),
        ("meta", [1], "[1]", "a table"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_key(changed, key, value, found, allowed):
    (problem,) = changed({key: value})
    assert problem.key == key
    assert found in problem.found and allowed in problem.allowed


@pytest.mark.parametrize(
    "key",
    ["meta", "range.ratio", "outcome.decided", "outcome.shape", "advance.stalled", "factors.air",
     "attrition.full.residual_correlation", f"{ADVANCE}.core", f"{ADVANCE}.estimates",
     f"{ADVANCE}.covariance", f"{ADVANCE}.residual_sd", f"{ADVANCE}.battles", f"{WAR}.spread",
     f"{WAR}.spread_error", f"{WAR}.errors"],
)  # fmt: skip
def test_what_is_missing_is_told_once(changed, key):
    (problem,) = changed({key: ABSENT})
    assert (problem.key, problem.found, problem.allowed) == (key, "nothing", "required")


@pytest.mark.parametrize("levels", [["a", "a"], ["a", 3], [["a"], ["b"]]])
def test_a_level_is_a_name_and_stands_once(changed, levels):
    values = {"levels": levels, "estimates": [0.1, 0.2], "errors": [0.1, 0.1]}
    (problem,) = changed({f"{WAR}.{key}": value for key, value in values.items()})
    assert problem.key == f"{WAR}.levels" and problem.allowed == "names, each once"


def test_a_name_misspelt_is_recognised(changed):
    section = raw("attrition.square")
    problems = changed({"attrition.square": ABSENT, "attrition.sqare": section})
    assert {p.nearest for p in problems} == {"sqare"}
    assert {p.key for p in problems} >= {
        "attrition.square.residual_correlation", "attrition.square.attacker.estimates",
        "attrition.square.defender.effects.war.levels",
    }  # fmt: skip


def test_all_faults_of_a_file_at_once(tmp_path):
    path = tmp_path / "coefficients.toml"
    content = with_changes(
        {f"{ADVANCE}.residual_sd": -1.0, "outcome.odds.estimates": [1.0], "factors.year": ABSENT}
    )
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    problems = faults_of(path)
    keys = [p.key for p in problems]
    assert keys == ["advance.fitted.residual_sd", "factors.year", "outcome.odds.estimates"]


@pytest.mark.parametrize("content", [b"[meta", b"\xff\xfe", b"\0", b"a = 1\na = 2\n"])
def test_not_toml(tmp_path, content):
    path = tmp_path / "coefficients.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        load_coefficients(path)
    (problem,) = error.value.problems
    assert (problem.key, problem.allowed) == ("file", "TOML in UTF-8")


@pytest.mark.parametrize("name", ["absent.toml", "."])
def test_no_file_to_read(tmp_path, name):
    with pytest.raises(InputError) as error:
        load_coefficients(tmp_path / name)
    (problem,) = error.value.problems
    assert (problem.key, problem.allowed) == ("file", "a coefficients file")


def test_an_empty_file_lacks_everything(tmp_path):
    path = tmp_path / "coefficients.toml"
    path.write_text("")
    with pytest.raises(InputError) as error:
        load_coefficients(path)
    missing = {p.key for p in error.value.problems}
    assert {"meta", *(f"{name}.estimates" for name in FITS)} < missing
    assert {p.found for p in error.value.problems} == {"nothing"}

from pathlib import Path

import pytest

from sandtable.errors import (
    InputError,
    MissingPackageError,
    Problem,
    QuantityError,
    SandtableError,
    nearest,
)


def test_problem_is_one_line_with_file_key_found_and_allowed() -> None:
    problem = Problem(
        "scenarios/x.toml",
        "formation.107-division.effectiveness",
        "1.4",
        "a number from 0 to 1",
    )
    assert str(problem) == (
        "scenarios/x.toml: formation.107-division.effectiveness: found 1.4; "
        "allowed: a number from 0 to 1"
    )


def test_problem_ends_with_the_nearest_name() -> None:
    problem = Problem("a.csv", "x.side", "'usr'", "japan, ussr", "ussr")
    assert str(problem).endswith("allowed: japan, ussr; did you mean 'ussr'?")


def test_problem_of_an_option_names_it_once() -> None:
    assert str(Problem("--phase", "phase", "'x'", "y")) == "--phase: found 'x'; allowed: y"
    assert str(Problem("--phase", "x.side", "1", "2")).startswith("--phase: x.side: found")


def test_problem_stays_on_one_line_when_the_input_does_not() -> None:
    assert str(Problem("a", "b", "one\ntwo", "c")) == "a: b: found one two; allowed: c"


def test_input_error_lists_all_problems_by_file_then_key() -> None:
    last = Problem("b.toml", "a", "1", "2")
    first = Problem("a.toml", "z", "1", "2")
    second = Problem("b.toml", "A", "1", "2")
    error = InputError([last, first, second])
    assert error.problems == [first, second, last]
    assert str(error).splitlines() == [str(first), str(second), str(last)]
    assert isinstance(error, SandtableError)


def test_input_error_without_a_problem_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at least one problem"):
        InputError([])


def test_a_quantity_error_is_both_a_project_and_a_value_error() -> None:
    assert issubclass(QuantityError, SandtableError)
    assert issubclass(QuantityError, ValueError)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mukdne", "mukden"),
        ("MUKDEN", "mukden"),
        ("harbinn", "Harbin"),
        ("tula", "TULA"),
        ("x", None),
    ],
)
def test_nearest(name: str, expected: str | None) -> None:
    assert nearest(name, ["mukden", "Harbin", "kirin", "TULA"]) == expected


@pytest.mark.parametrize(
    ("extra", "page"),
    [("calibrate", "calibrate"), ("dask", "cluster"), ("sensitivity", "sensitivity")],
)
def test_page_and_message_say_alike_what_to_install(extra: str, page: str) -> None:
    told = Path(__file__).parents[1] / "docs" / "how-to" / f"{page}.md"
    command = str(MissingPackageError("a verb", "a package", extra)).partition(": ")[2]
    assert f"`{command}`" in told.read_text(encoding="utf-8")

from pathlib import Path

import pytest

from sandtable.errors import InputError
from sandtable.evidence.facts import COLUMNS, load_facts, read_facts

CAMPAIGN_FILE = "lake-khasan-1938.csv"


def one_fact(tmp_path: Path, **cells: str) -> Path:
    """A file of facts with one row, sound but for `cells`."""
    row = {
        "id": "bn-x",
        "campaign": "lake-khasan-1938",
        "side": "ussr",
        "subject": "road",
        "quantity": "length",
        "low": "1",
        "high": "2",
        "unit": "km",
        "source": "border-notes",
        "confidence": "high",
    } | cells
    path = tmp_path / CAMPAIGN_FILE
    path.write_text(",".join(COLUMNS) + "\n" + ",".join(row.get(c, "") for c in COLUMNS) + "\n")
    return path


@pytest.mark.parametrize("cell", ["", "1938", "1938-08", "1938-08-06", "1938-08-06T16:00",
                                  "1938-07/1938-08", "1938-07-29/1938-08-11"])  # fmt: skip
def test_dates_of_a_row(tmp_path: Path, cell: str) -> None:
    facts, problems = read_facts(one_fact(tmp_path, date=cell))
    assert problems == []
    assert facts[0].date == cell


@pytest.mark.parametrize("cell", ["1039", "2939-08-20", "0001-01-01", "1939/9999-12-31"])
def test_a_date_of_another_century_is_refused(tmp_path: Path, cell: str) -> None:
    facts, problems = read_facts(one_fact(tmp_path, date=cell))
    assert facts == []
    assert [str(problem).partition("bn-x.")[2] for problem in problems] == [
        f"date: found '{cell}'; allowed: a date of the years 1600 to 2100"
    ]


def test_a_moment_of_another_century_is_refused(tmp_path: Path) -> None:
    path = one_fact(tmp_path, unit="date", low="1039-08-20", high="9999-12-31")
    _, problems = read_facts(path)
    assert [problem.key for problem in problems] == ["bn-x.low", "bn-x.high"]
    assert {problem.allowed for problem in problems} == {"a date of the years 1600 to 2100"}


@pytest.mark.parametrize(
    ("column", "cell"),
    [("high", "9" * 400), ("high", "1000000000001"), ("high", "٢"), ("line", "9" * 5000)],
)
def test_no_number_is_beyond_all_counting(tmp_path: Path, column: str, cell: str) -> None:
    _, problems = read_facts(one_fact(tmp_path, **{column: cell}))
    assert [problem.key for problem in problems] == [f"bn-x.{column}"]


def test_a_bad_row_keeps_only_itself_out(tmp_path: Path) -> None:
    path = one_fact(tmp_path)
    row = path.read_text().splitlines()[1]
    with path.open("a") as file:
        file.write(row.replace("bn-x", "bn-y").replace("km", "kms") + "\n")
        file.write(row.replace("bn-x", "bn-z") + "\n")
    facts, problems = read_facts(path)
    assert [fact.id for fact in facts] == ["bn-x", "bn-z"]
    assert [problem.key for problem in problems] == ["bn-y.unit"]


def test_one_row_can_have_several_problems(tmp_path: Path) -> None:
    _, problems = read_facts(one_fact(tmp_path, side="X", low="y", confidence="z"))
    assert {problem.key for problem in problems} == {"bn-x.side", "bn-x.low", "bn-x.confidence"}


def test_below_zero_only_where_the_unit_runs_there(tmp_path: Path) -> None:
    assert read_facts(one_fact(tmp_path, low="-20", high="-5", unit="degC"))[1] == []
    assert len(read_facts(one_fact(tmp_path, low="-20", high="-5", unit="km"))[1]) == 2


def test_a_campaign_without_a_file_is_named_with_the_nearest(register: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_facts(register, "lake-khasan-1983")
    (problem,) = caught.value.problems
    assert problem.found == "no file for campaign 'lake-khasan-1983'"
    assert problem.allowed == problem.nearest == "lake-khasan-1938"


def test_a_minute_may_lie_within_the_day_that_ends_the_range(tmp_path: Path) -> None:
    cells = {"unit": "date", "low": "1938-08-06T16:00", "high": "1938-08-06"}
    assert read_facts(one_fact(tmp_path, **cells))[1] == []
    for low in ("1938-08-07", "1938-08-08"):
        assert len(read_facts(one_fact(tmp_path, **(cells | {"low": low})))[1]) == 1


@pytest.mark.parametrize("word", ["never", "inf"])
@pytest.mark.parametrize("unit", ["date", "day"])
def test_a_word_for_never_is_told_how_to_claim_it(tmp_path: Path, word: str, unit: str) -> None:
    (problem,) = read_facts(one_fact(tmp_path, unit=unit, low=word, high=""))[1]
    assert problem.found == f"'{word}'"
    told = "never is the scenario's end in low and nothing in high (seeds/README.md)"
    assert problem.allowed.endswith(f"; {told}")


def test_how_a_date_is_written_is_told_once(tmp_path: Path) -> None:
    (problem,) = read_facts(one_fact(tmp_path, unit="date", low="6 August", high=""))[1]
    assert problem.allowed == "a date such as 1945-08-09 or 1945-08-09T01:00"


def test_only_line_ends_end_a_row(tmp_path: Path) -> None:
    facts, problems = read_facts(one_fact(tmp_path, note="one\u2028two"))
    assert problems == []
    assert facts[0].note == "one\u2028two"


def test_what_a_spreadsheet_saves_is_read(tmp_path: Path) -> None:
    """Its "CSV UTF-8" begins with a byte-order mark and ends its lines with two characters."""
    path = one_fact(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    facts, problems = read_facts(path)
    assert ([fact.id for fact in facts], problems) == (["bn-x"], [])


@pytest.mark.parametrize(("mark", "words"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_one_fault(tmp_path: Path, mark: str, words: str) -> None:
    path = one_fact(tmp_path)
    path.write_text(path.read_text().replace(",", mark))
    (problem,) = read_facts(path)[1]
    found = f"found {words} between the cells; allowed: commas between the cells"
    assert str(problem) == f"{path}: file: {found}"


def test_a_table_may_have_no_row_yet(tmp_path: Path) -> None:
    path = one_fact(tmp_path)
    path.write_text(path.read_text().splitlines()[0])
    assert read_facts(path) == ([], [])

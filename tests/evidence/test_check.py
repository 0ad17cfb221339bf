import hashlib
import shutil
from pathlib import Path

import pytest

from sandtable.evidence import check_register

CAMPAIGN_FILE = "lake-khasan-1938.csv"

# What each file of tests/inputs/seeds/invalid gets said about it: key, found, part of allowed.
INVALID = {
    "facts/bad-date-cell.csv": [("bn-road.date", "'August 1938'", "1945-08-09")],
    "facts/bad-line.csv": [("bn-road.line", "'0'", "a line number from 1")],
    "facts/columns-out-of-order.csv": [("header", "id,campaign,side,subject,quantity,high,low,unit,"
        "date,source,line,confidence,note", "quantity,low,high,unit")],
    "facts/empty-id.csv": [("row 2.id", "nothing", "lower-case words")],
    "facts/empty-subject.csv": [("bn-road.subject", "nothing", "some words")],
    "facts/empty.csv": [("file", "nothing", "a header, id,campaign,side")],
    "facts/id-in-capitals.csv": [("BN-road.id", "'BN-road'", "lower-case words")],
    "facts/line-beyond-the-end.csv": [("bn-road.line", "'70'", "1 to 7, the lines of")],
    "facts/line-without-digest.csv": [("bn-road.line", "'5'", "staff-study has no digest")],
    "facts/misspelt-column.csv": [
        ("header", "unknown column 'confidense'", "confidence"),
        ("header", "no column 'confidence'", "confidence"),
    ],
    "facts/name-with-figure.csv": [
        ("bn-height.high", "'1'", "nothing"),
        ("bn-height.low", "'1'", "nothing"),
    ],
    "facts/negative.csv": [("bn-men.low", "'-1'", "a number from 0")],
    "facts/no-figure.csv": [("bn-men.low", "nothing", "a figure in low, in high or in both")],
    "facts/no-line.csv": [("bn-road.line", "nothing", "the line of border-notes")],
    "facts/no-such-day.csv": [("bn-start.low", "'1938-02-29'", "a date such as")],
    "facts/not-finite.csv": [("bn-men.low", "'nan'", "a plain number")],
    "facts/not-utf-8.csv": [("encoding", "byte 0xdf at offset 115", "UTF-8 text")],
    "facts/open-quote.csv": [("file", "broken CSV (unexpected end of data)", "comma-separated")],
    "facts/other-campaign.csv": [("bn-road.campaign", "'manchuria-1945'", "'lake-khasan-1938'")],
    "facts/other-date.csv": [("bn-start", "'1938-07-30' (date), which line 3 of border-notes does "
        "not print", "what the line prints")],
    "facts/other-figure.csv": [("bn-ussr-tanks", "'251' (tank), which line 4 of border-notes does "
        "not print", "what the line prints")],
    "facts/other-name.csv": [("bn-height", "'Chokaho' (name), which line 6 of border-notes does "
        "not print", "what the line prints")],
    "facts/repeat-of-another-figure.csv": [
        ("bn-road-again.note", "'same as bn-road', but 101", "the figure of bn-road, 100")
    ],
    "facts/repeat-of-a-repeat.csv": [
        ("bn-road-third.note", "'same as bn-road-again', itself a repeat", "repeats none")
    ],
    "facts/repeat-of-no-row.csv": [
        ("bn-road.note", "'same as bn-raod', which is no row", "a row that repeats none")
    ],
    "facts/repeated-id.csv": [("bn-start.id", "the id again, first in {file}", "used once")],
    "facts/reversed-date-cell.csv": [("bn-road.date", "'1938-08/1938-07'", "a range")],
    "facts/reversed-dates.csv": [("bn-start.low", "'1938-07-30'", "the high end, 1938-07-29")],
    "facts/reversed.csv": [("bn-men.low", "'23001'", "at most the high end, 23000")],
    "facts/separators.csv": [("bn-men.low", "'23,000'", "a plain number")],
    "facts/share-over-one.csv": [("bn-rain.high", "'1.67'", "a share from 0 to 1")],
    "facts/side-with-a-space.csv": [("bn-start.side", "'Soviet Union'", "lower-case words")],
    "facts/too-few-cells.csv": [("row 2", "12 cells", "13 cells")],
    "facts/unknown-confidence.csv": [("bn-road.confidence", "'hihg'", "high, low, medium")],
    "facts/unknown-source.csv": [
        ("bn-road.source", "'border-note'", "sources.toml: border-notes, staff-study")
    ],
    "facts/unknown-unit.csv": [("bn-road.unit", "'miles'", "aircraft, armoured-car")],
    "outcomes/date-for-a-loss.csv": [("st-l.unit", "'date'", "tank, the units of losses/ussr")],
    "outcomes/id-of-a-fact.csv": [("bn-road.id", "the id again, first in {facts}", "used once")],
    "outcomes/no-claimant.csv": [("st-l.claimant", "nothing", "some words")],
    "outcomes/other-figure.csv": [("bn-l", "'1938-08-10' (date), which line 6 of border-notes "
        "does not print", "what the line prints")],
    "outcomes/unit-of-another-outcome.csv": [("st-l.unit", "'gun'", "tank, the units of")],
    "outcomes/unknown-outcome.csv": [("st-l.outcome", "'losses/ussr/personel/total'",
        "losses/<side>/personnel/{killed,")],
    "outcomes/side-in-capitals.csv": [("st-l.outcome", "'losses/USSR/tanks'", "<side>")],
    "sources/broken-toml.toml": [("line 10, column 8", "broken TOML: something that is "
        "no value (text stands in quotes), in: kind = book",
        "TOML")],
    "sources/digest-of-no-file.toml": [("border-notes.digest", "none of the 1 files in {documents} "
        "has this digest", "Border notes")],
    "sources/empty.toml": [("file", "no entry", "one table a document")],
    "sources/errors-not-a-list.toml": [("border-notes.known_errors", "'rounds'", "a list")],
    "sources/id-in-capitals.toml": [("Staff_study", "the id 'Staff_study'", "lower-case words")],
    "sources/misspelt-key.toml": [
        ("staff-study.godo_for", "an unknown key", "title, kind, good_for"),
        ("staff-study.good_for", "nothing", "some words"),
    ],
    "sources/no-kind.toml": [("staff-study.kind", "nothing", "some words")],
    "sources/short-digest.toml": [("border-notes.digest", "'00ff'", "64 hexadecimal digits")],
}  # fmt: skip

NEAREST = {
    "facts/misspelt-column.csv": "confidence",
    "facts/unknown-confidence.csv": "high",
    "facts/unknown-source.csv": "border-notes",
    "facts/unknown-unit.csv": "mile",
    "outcomes/unknown-outcome.csv": "losses/ussr/personnel/total",
    "sources/misspelt-key.toml": "good_for",
}


def spoil(register: Path, invalid: Path, name: str) -> Path:
    """Put the invalid file in the place of the sound one; return that place."""
    kind = Path(name).parent.name
    place = register / ("sources.toml" if kind == "sources" else f"{kind}/{CAMPAIGN_FILE}")
    shutil.copy(invalid / name, place)
    return place


def test_a_sound_register(register: Path, documents: Path) -> None:
    report = check_register(register, documents)
    assert report.problems == []
    # Counted by hand in tests/inputs/seeds/valid; three rows cite a book, which has no lines.
    assert (report.facts, report.claims, report.lines) == (8, 3, 9)
    assert (report.statements, report.repeats) == (1, 0)


def test_without_documents_no_line_is_verified(register: Path) -> None:
    report = check_register(register)
    assert report.problems == []
    assert (report.facts, report.claims, report.lines) == (8, 3, 0)


def test_a_row_that_prints_another_again_is_no_further_fact_or_claim(register: Path) -> None:
    facts = register / "facts" / CAMPAIGN_FILE
    claims = register / "outcomes" / CAMPAIGN_FILE
    with facts.open("a") as file:
        # The one in another unit, the other without a figure.
        file.write("x-road,lake-khasan-1938,both,road,length,161,161,km,,staff-study,,low,"
                   "same as bn-road; rounded\n"
                   "x-height,lake-khasan-1938,both,Chokoho,name of the height,,,name,,staff-study,,"
                   "low,same as bn-height\n")  # fmt: skip
    with claims.open("a") as file:
        file.write("x-losses,lake-khasan-1938,losses/ussr/personnel/total,3000,4000,person,Staff,"
                   "staff-study,,same as st-ussr-losses\n")  # fmt: skip
    report = check_register(register)
    assert report.problems == []
    assert (report.facts, report.claims, report.statements, report.repeats) == (8, 3, 1, 3)


@pytest.mark.parametrize("name", INVALID)
def test_each_fault_is_named(name: str, register: Path, documents: Path, invalid: Path) -> None:
    place = spoil(register, invalid, name)
    names = {"file": place, "facts": register / "facts" / CAMPAIGN_FILE, "documents": documents}
    problems = check_register(register, documents).problems
    assert [(p.file, p.key, p.found) for p in problems] == [
        (str(place), key, found.format(**names)) for key, found, _ in INVALID[name]
    ]
    for problem, (_, _, allowed) in zip(problems, INVALID[name], strict=True):
        assert allowed in problem.allowed
    if name in NEAREST:
        assert NEAREST[name] in [problem.nearest for problem in problems]


def test_a_line_without_its_figure_is_not_counted(
    register: Path, documents: Path, invalid: Path
) -> None:
    spoil(register, invalid, "outcomes/other-figure.csv")
    assert check_register(register, documents).lines == 8


def test_every_invalid_file_is_tried(invalid: Path) -> None:
    files = {path.relative_to(invalid).as_posix() for path in invalid.rglob("*.*")}
    assert files == set(INVALID)


def test_all_faults_at_once(register: Path, invalid: Path, documents: Path) -> None:
    spoil(register, invalid, "facts/side-with-a-space.csv")
    spoil(register, invalid, "outcomes/no-claimant.csv")
    spoil(register, invalid, "sources/no-kind.toml")
    problems = check_register(register, documents).problems
    assert [problem.key for problem in problems] == [
        "bn-start.side",
        "st-l.claimant",
        "staff-study.kind",
    ]


def test_a_document_is_known_by_its_content_not_its_name(
    register: Path, documents: Path, tmp_path: Path
) -> None:
    content = (documents / "border-notes.txt").read_bytes()
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "renamed.dat").write_bytes(content)
    assert check_register(register, folder).lines == 9
    (folder / "renamed.dat").write_bytes(content + b" ")
    report = check_register(register, folder)
    assert report.lines == 0
    assert [problem.key for problem in report.problems] == ["border-notes.digest"]


def test_lines_end_at_line_feeds_only(register: Path, tmp_path: Path) -> None:
    # U+2028 is a line's end to str.splitlines, but not to sed.
    content = "one\u2028two\nthree\n4\n100 miles of road\n5\n".encode()
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "text").write_bytes(content)
    sources = register / "sources.toml"
    old = hashlib.sha256(
        (Path(__file__).parents[1] / "inputs/seeds/documents/border-notes.txt").read_bytes()
    ).hexdigest()
    sources.write_text(sources.read_text().replace(old, hashlib.sha256(content).hexdigest()))
    facts = register / "facts" / CAMPAIGN_FILE
    header = facts.read_text().splitlines()[0]
    row = "bn-road,lake-khasan-1938,both,road,length,100,100,mile,,border-notes,4,high,"
    facts.write_text(f"{header}\n{row}\n")
    shutil.rmtree(register / "outcomes")
    (register / "outcomes").mkdir()
    report = check_register(register, tmp_path / "documents")
    assert report.problems == []
    assert report.lines == 1


def test_a_stray_file_and_a_misnamed_campaign(register: Path) -> None:
    (register / "facts" / "readme.txt").write_text("x")
    (register / "facts" / "Lake Khasan.csv").write_text("x")
    source = register / "outcomes" / CAMPAIGN_FILE
    source.rename(register / "outcomes" / "lake-khasan-1983.csv")
    problems = check_register(register).problems
    assert [p.found for p in problems if p.key == "file name"] == ["Lake Khasan.csv", "readme.txt"]
    assert ("'lake-khasan-1938'", "'lake-khasan-1983', as the file is named") in [
        (p.found, p.allowed) for p in problems
    ]


def test_a_register_that_is_not_there(tmp_path: Path) -> None:
    problems = check_register(tmp_path / "none", tmp_path / "no-documents").problems
    (problem,) = problems
    assert (problem.file, problem.found) == (str(tmp_path / "none"), "no such folder")
    (tmp_path / "facts").mkdir()
    problems = check_register(tmp_path, tmp_path / "no-documents").problems
    named = sorted(Path(problem.file).name for problem in problems)
    assert named == ["no-documents", "sources.toml"]

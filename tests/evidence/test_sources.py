import hashlib
from pathlib import Path

import pytest

from sandtable.errors import InputError
from sandtable.evidence import load_sources


def test_sources_by_id(register: Path, documents: Path) -> None:
    sources = load_sources(register)
    assert list(sources) == ["border-notes", "staff-study"]
    notes, study = sources.values()
    assert notes.digest == hashlib.sha256((documents / "border-notes.txt").read_bytes()).hexdigest()
    assert notes.known_errors == ("rounds the Japanese strength",)
    assert (study.title, study.kind, study.good_for) == ("Staff study", "book", "terrain")
    assert study.digest is None
    assert study.known_errors == ()


def test_a_bad_entry_is_raised(register: Path) -> None:
    (register / "sources.toml").write_text('border-notes = "a book"\n[x]\ntitle = 3\n')
    with pytest.raises(InputError) as caught:
        load_sources(register)
    assert [p.key for p in caught.value.problems] == ["border-notes", "x.good_for", "x.kind",
                                                      "x.title"]  # fmt: skip


def test_author_and_year_are_told_where_they_are_known(register: Path) -> None:
    path = register / "sources.toml"
    assert load_sources(register)["staff-study"].reference == "Staff study"
    told = path.read_text("utf-8").replace(
        'title = "Staff study"', 'author = "A. Author"\ntitle = "Staff study"\nyear = 1950'
    )
    path.write_text(told, encoding="utf-8", newline="\n")
    assert load_sources(register)["staff-study"].reference == "A. Author, Staff study (1950)"
    path.write_text(told.replace("1950", "50").replace("A. Author", " "), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_sources(register)
    assert [p.key for p in caught.value.problems] == ["staff-study.author", "staff-study.year"]


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"sources\.toml: file: found no such file"):
        load_sources(tmp_path)


def test_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_bytes(b"[x]\ntitle = '\xdf'\n")
    with pytest.raises(InputError, match="byte 0xdf at offset 13"):
        load_sources(tmp_path)

"""Is the register sound, and do its documents say what it says they say?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sandtable.errors import Problem, listed, nearest
from sandtable.evidence.claims import Claim, read_claims
from sandtable.evidence.facts import Fact, read_facts
from sandtable.evidence.figures_in_text import missing_figures
from sandtable.evidence.sources import Source, read_sources
from sandtable.evidence.tables import CLAIMS, FACTS, campaign_files, no_register, repeated_ids
from sandtable.outcomes import SLUG

_SAME_AS = re.compile(f"same as ({SLUG})")

# A row with the path of its file.
Rows = list[tuple[str, Fact | Claim]]


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What a check found: every problem, and how much was sound.

    `facts` and `claims` count the well-formed rows that carry a figure and repeat no other;
    `statements` those without a figure, `repeats` those that print another row again. `lines`
    counts the rows whose figure was found in the cited line of its document; without documents at
    hand it is 0.
    """

    problems: list[Problem]
    facts: int = 0
    claims: int = 0
    statements: int = 0
    repeats: int = 0
    lines: int = 0


def check_register(root: Path, documents: Path | None = None) -> RegisterReport:
    """Check every file of the register under `root`, and with `documents` every cited line.

    `documents` is a folder; a file there is known by its digest, whatever its name.
    """
    problems = no_register(root)
    if problems:
        return RegisterReport(problems)
    sources, problems = read_sources(root / "sources.toml")
    # A broken list of sources is one fault, not one more for every row.
    sources_sound = not problems
    rows: Rows = []
    fact_paths, faults = campaign_files(root, FACTS)
    problems += faults
    for path in fact_paths:
        facts, faults = read_facts(path)
        rows += [(str(path), fact) for fact in facts]
        problems += faults
    claim_paths, faults = campaign_files(root, CLAIMS)
    problems += faults
    for path in claim_paths:
        claims, faults = read_claims(path)
        rows += [(str(path), claim) for claim in claims]
        problems += faults
    problems += repeated_ids((file, row.id) for file, row in rows)
    problems += _repeat_problems(rows)
    if sources_sound:
        problems += _source_problems(rows, sources)
    lines = 0
    if documents is not None:
        texts, faults = _read_documents(documents, sources, str(root / "sources.toml"))
        problems += faults
        faults, lines = _line_problems(rows, texts)
        problems += faults
    problems.sort(key=lambda problem: (problem.file, problem.key))
    new = [row for _, row in rows if _repeated(row) is None]
    figures = [row for row in new if row.unit != "name"]
    facts_with_figure = sum(isinstance(row, Fact) for row in figures)
    return RegisterReport(
        problems,
        facts=facts_with_figure,
        claims=len(figures) - facts_with_figure,
        statements=len(new) - len(figures),
        repeats=len(rows) - len(new),
        lines=lines,
    )


def _repeated(row: Fact | Claim) -> str | None:
    """Return the id of the row that a row prints again, as its note begins, or None."""
    found = _SAME_AS.match(row.note)
    return found and found[1]


def _repeat_problems(rows: Rows) -> Iterator[Problem]:
    """What a row repeats is a row of its own figure, which repeats no other in its turn."""
    by_id = {row.id: row for _, row in rows}
    first = [id for id, row in by_id.items() if _repeated(row) is None]
    for file, row in rows:
        name = _repeated(row)
        if name is None:
            continue
        other = by_id.get(name)
        if other is None or name not in first:
            found = f"'same as {name}', {'which is no row' if other is None else 'itself a repeat'}"
            close = nearest(name, first)
            yield Problem(file, f"{row.id}.note", found, "the id of a row that repeats none", close)
        elif row.unit == other.unit and row.printed != other.printed:
            figures = [" to ".join(dict.fromkeys(each.printed)) for each in (row, other)]
            found = f"'same as {name}', but {figures[0]}"
            yield Problem(file, f"{row.id}.note", found, f"the figure of {name}, {figures[1]}")


def _source_problems(rows: Rows, sources: Mapping[str, Source]) -> Iterator[Problem]:
    for file, row in rows:
        source = sources.get(row.source)
        if source is None:
            allowed = f"a source of sources.toml: {listed(sources)}"
            close = nearest(row.source, sources)
            yield Problem(file, f"{row.id}.source", f"'{row.source}'", allowed, close)
        elif source.digest is not None and row.line is None:
            allowed = f"the line of {source.id} that says so"
            yield Problem(file, f"{row.id}.line", "nothing", allowed)
        elif source.digest is None and row.line is not None:
            allowed = f"nothing: {source.id} has no digest, so its lines cannot be counted"
            yield Problem(file, f"{row.id}.line", f"'{row.line}'", allowed)


def _read_documents(
    folder: Path, sources: Mapping[str, Source], sources_file: str
) -> tuple[dict[str, list[str]], list[Problem]]:
    """Return the lines of each document found in `folder`, by source id."""
    if not folder.is_dir():
        return {}, [Problem(str(folder), "documents", "no such folder", "a folder of documents")]
    contents = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
    by_digest = {hashlib.sha256(content).hexdigest(): content for content in contents}
    texts: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for source in sources.values():
        if source.digest is None:
            continue
        content = by_digest.get(source.digest)
        if content is None:
            found = f"none of the {len(contents)} files in {folder} has this digest"
            allowed = f"the digest of a file there: {source.reference}"
            problems.append(Problem(sources_file, f"{source.id}.digest", found, allowed))
            continue
        # Only a line feed ends a line, as sed and wc count; str.splitlines knows more ends.
        texts[source.id] = content.decode("utf-8", errors="replace").split("\n")
    return texts, problems


def _line_problems(rows: Rows, texts: Mapping[str, list[str]]) -> tuple[list[Problem], int]:
    """Return the rows whose document does not hold their figure, and how many do hold it."""
    problems: list[Problem] = []
    verified = 0
    for file, row in rows:
        if row.line is None or row.source not in texts:
            continue
        lines = texts[row.source]
        if row.line > len(lines):
            allowed = f"1 to {len(lines)}, the lines of {row.source}"
            problems.append(Problem(file, f"{row.id}.line", f"'{row.line}'", allowed))
            continue
        subject = row.subject if isinstance(row, Fact) else ""
        missing = missing_figures(lines[row.line - 1], row.unit, *row.printed, subject)
        for figure in missing:
            place = f"line {row.line} of {row.source}"
            found = f"'{figure}' ({row.unit}), which {place} does not print"
            allowed = "what the line prints, in its own unit"
            problems.append(Problem(file, row.id, found, allowed))
        verified += not missing
    return problems, verified

"""The command line, and the one place where failures become exit codes."""

from __future__ import annotations

import codecs
import errno
import gc
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from sandtable.cli.verbs import VerbGroup
from sandtable.errors import SandtableError
from sandtable.memory import exhausted, spare
from sandtable.plain_text import printable

# Plain help text: rich takes longer to load than all the rest of `sandtable --help`.
app = typer.Typer(
    name="sandtable",
    cls=VerbGroup,
    help="Simulate historical campaigns and compare the outcomes with the historical record.",
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from sandtable import __version__

        typer.echo(f"sandtable {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Exits 0 when done, 2 on bad input, 130 when interrupted."""
    _ready_streams()
    try:
        failed = _failure_of(arguments)
    except SystemExit as stopped:
        if not _reader_gone(stopped.__context__):
            raise
        _leave_pipe()
    except BrokenPipeError:
        _leave_pipe()
    else:
        if failed is not None:
            _fail(*failed)


def _failure_of(arguments: Sequence[str] | None) -> tuple[str, bool] | None:
    """Run it; return what failed, in words, and whether the machine's means ran out."""
    try:
        spare()
        try:
            with _asked_to_end_as_by_ctrl_c():
                app(arguments, prog_name="sandtable")
        finally:
            sys.stdout.flush()
    except SandtableError as error:
        return str(error), error.__cause__ is not None and exhausted(error.__cause__) is not None
    except BrokenPipeError:
        raise
    except Exception as error:
        told = exhausted(error)
        if told is None and isinstance(error, OSError):
            return f"{error.filename or 'file'}: {error.strerror or error}", False
        if told is None:
            raise
        return told, True
    return None


@contextmanager
def _asked_to_end_as_by_ctrl_c() -> Iterator[None]:
    """Take a request to end, and the end of the terminal, for Ctrl-C: what is done is told."""
    taken = []
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            # Whoever ignores it goes on doing so, as under nohup.
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)
                taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _ready_streams() -> None:
    """See to it that whatever is printed can be: on a closed stream, in any encoding."""
    # A file that is opened must not take the place of a stream that is closed.
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(handle)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115
    codecs.register_error(_PLAIN, _in_plain_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_PLAIN)


_PLAIN = "sandtable.plain"
_PLAIN_LETTERS = {
    "–": "-", "—": "-", "−": "-", "×": "x", "≤": "<=", "≥": ">=", "±": "+-", "…": "...", "·": ".",
    "\xa0": " ", "’": "'", "‘": "'", "“": '"', "”": '"', "→": "->",
}  # fmt: skip


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    """Write what an encoding lacks in letters that all have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_plain(letter) for letter in text), error.end


def _plain(letter: str) -> str:
    from unicodedata import normalize

    bare = normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return _PLAIN_LETTERS.get(letter) or bare or "?"


def _reader_gone(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno == errno.EPIPE


def _leave_pipe() -> None:
    """End well: the reader has what it wanted. Nothing may be flushed into the closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def _fail(text: str, ran_out: bool) -> None:
    for line in text.splitlines():
        said = printable(line)
        print(f"error: {said}" if not line.startswith(" ") else said, file=sys.stderr)
    if ran_out:
        # At once: to be taken down costs memory and threads, and libraries crash for want of them.
        gc.collect()
        sys.stderr.flush()
        os._exit(2)
    sys.exit(2)

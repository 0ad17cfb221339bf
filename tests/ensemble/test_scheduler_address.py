"""The address of a scheduler: refused before any work, or given up on in a stated time."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import dask
import pytest
from tornado.iostream import StreamClosedError

from clusters import made_certificates, silent_listener
from sandtable.ensemble import Settings, scheduler_address
from sandtable.ensemble.scheduler_address import check_address, check_answers
from sandtable.errors import SandtableError

LIMIT = 0.3
ALLOWED = "allowed: the address of a Dask scheduler, as tcp://HOST:8786 or tls://HOST:8786"


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:8786", "tls://node-1.example:1", "tcp://[::1]:65535", "localhost:8786"],
)
def test_addresses_that_are_taken(address: str) -> None:
    check_address(address)
    assert Settings(scheduler=address).scheduler == address


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", "no host in ''"),
        ("tcp://:8786", "no host in 'tcp://:8786'"),
        ("tcp://[]:8786", "no host in 'tcp://[]:8786'"),
        ("localhost", "no port in 'localhost'"),
        ("tcp://host:", "the port '' in 'tcp://host:'"),
        ("tcp://host:0", "the port '0' in 'tcp://host:0'"),
        ("tcp://host:65536", "the port '65536' in 'tcp://host:65536'"),
        ("tcp://host:८७", "the port '८७' in 'tcp://host:८७'"),
        ("http://host:8786", "the protocol 'http' in 'http://host:8786'"),
        ("://host:8786", "the protocol '' in '://host:8786'"),
        ("tcp:// host:8786", "a space in 'tcp:// host:8786'"),
        ("host:8786\n", "a space in 'host:8786 '"),
        ("tcp://::1:8786", "'tcp://::1:8786'"),
        ("tcp://host:8786/status", "'tcp://host:8786/status'"),
        ("tcp://user@host:8786:1", "'tcp://user@host:8786:1'"),
    ],
)
def test_addresses_that_are_not(address: str, found: str) -> None:
    with pytest.raises(SandtableError) as caught:
        Settings(scheduler=address)
    assert str(caught.value) == f"--scheduler: found {found}; {ALLOWED}"


def test_the_port_that_was_probably_meant() -> None:
    with pytest.raises(SandtableError, match="did you mean 'tls://host:8786'"):
        check_address("tls://host")


def refused(address: str, within: float = LIMIT) -> str:
    """What is said of an address at which no scheduler answers, hardly later than allowed."""
    begun = time.monotonic()
    with pytest.raises(SandtableError) as caught:
        check_answers(address, within)
    assert time.monotonic() - begun < within + 2
    told = str(caught.value)
    assert told.startswith("--scheduler: ")
    assert "\n" not in told
    return told


def free_address() -> str:
    """An address at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{taken.getsockname()[1]}"


def test_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    # Ample time for a busy machine to tell, and little to try again.
    monkeypatch.setattr(scheduler_address, "_TO_CONNECT", 0.1)
    address = free_address()
    told = refused(address, 3.0)
    assert f"no Dask scheduler answers at {address}: nothing listened there" in told
    assert "within 3 s (Dask's setting distributed.comm.timeouts.connect)" in told
    assert told.endswith(ALLOWED)


def failing(monkeypatch: pytest.MonkeyPatch, cause: BaseException) -> None:
    """Let Dask's client fail to connect, for a cause that it tells further down."""

    async def fail(*_: object) -> None:
        try:
            raise cause
        except BaseException as error:
            raise OSError("Timed out trying to connect") from error

    monkeypatch.setattr(scheduler_address, "_who_answers", fail)


def dropped(*_: object) -> None:
    raise TimeoutError


def test_the_last_attempt_was_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, asyncio.CancelledError())
    assert "nothing listened there within 0.3 s" in refused(free_address())
    with silent_listener() as address:
        assert "something listens there" in refused(address)
        # As where a firewall drops whatever comes.
        monkeypatch.setattr(socket, "create_connection", dropped)
        assert "no connection came about within 0.3 s" in refused(address)


def test_what_tornado_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, StreamClosedError(ssl.SSLError(1, "tlsv1 alert unknown ca")))
    assert "here:1: TLS failed" in refused("tcp://here:1")
    failing(monkeypatch, StreamClosedError())
    assert "here:1: it closed the connection" in refused("tcp://here:1")


def test_a_host_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    assert "nowhere:1: the host was not found within 0.3 s" in refused("tcp://nowhere:1")


def test_something_listens_and_says_nothing() -> None:
    with silent_listener() as address:
        told = refused(address)
    assert "something listens there, but did not answer as Dask does within 0.3 s" in told


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_a_web_server_answers() -> None:
    with HTTPServer(("127.0.0.1", 0), Quiet) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            told = refused(f"tcp://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            serving.join()
    assert "something listens there, but did not answer as Dask does" in told


@contextmanager
def listener(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of something that answers each caller, and hangs up."""
    enough = threading.Event()

    def answer_all(listening: socket.socket) -> None:
        while not enough.is_set():
            with suppress(OSError):
                connection, _ = listening.accept()
                connection.settimeout(5)
                with connection:
                    answer(connection)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.02)
        answering = threading.Thread(target=answer_all, args=(listening,))
        answering.start()
        yield listening.getsockname()[1]
        enough.set()
        answering.join()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "what listens there does not speak Dask's protocol"),
        (struct.pack("Q", 4) + b"abcd", "what listens there does not speak Dask's protocol"),
        (struct.pack("QQQ", 24, 1, 8) + 8 * b"\xc1", "does not speak Dask's protocol"),
        (struct.pack("Q", 2**50), "what listens there does not speak Dask's protocol"),
        (b"", "it closed the connection; perhaps it wants another protocol or certificate"),
    ],
)
def test_something_else_answers(said: bytes, found: str) -> None:
    with listener(lambda connection: connection.sendall(said)) as port:
        told = refused(f"tcp://127.0.0.1:{port}", 5.0)
    assert f"{found}; allowed" in told


@contextmanager
def tls_listener(settings: dict[str, str]) -> Iterator[str]:
    """The address of something that speaks TLS, and nothing else."""
    context = ssl.create_default_context(
        ssl.Purpose.CLIENT_AUTH, cafile=settings["distributed.comm.tls.ca-file"]
    )
    context.load_cert_chain(settings["distributed.comm.tls.scheduler.cert"])
    context.verify_mode = ssl.CERT_REQUIRED

    def answer(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True).close()

    with listener(answer) as port:
        yield f"tls://127.0.0.1:{port}"


def test_certificates_of_another_authority(tmp_path: Path) -> None:
    theirs, ours = (made_certificates(tmp_path / name) for name in ("theirs", "ours"))
    with dask.config.set(ours), tls_listener(theirs) as address:
        told = refused(address, 5.0)
    assert (
        f"at {address}: its certificate is not of the authority in distributed.comm.tls.ca-file"
        in told
    )
    # The right authority, but a certificate of one's own that the other side does not know.
    mixed = {**ours, "distributed.comm.tls.ca-file": theirs["distributed.comm.tls.ca-file"]}
    with dask.config.set(mixed), tls_listener(theirs) as address:
        told = refused(address, 5.0)
    assert any(f"at {address}: {why}" in told for why in ("TLS failed", "it closed the connection"))


def test_settings_of_tls_that_do_not_work(tmp_path: Path) -> None:
    settings = made_certificates(tmp_path / "certificates")
    told = refused("tls://127.0.0.1:1")
    assert "tls:// needs distributed.comm.tls.ca-file and distributed.comm.tls.client.cert" in told
    gone = {**settings, "distributed.comm.tls.client.cert": "/gone.pem"}
    with dask.config.set(gone):
        told = refused("tls://127.0.0.1:1")
    assert "settings of TLS do not work: No such file or directory" in told
    assert "distributed.comm.tls.client.cert: /gone.pem" in told
    with dask.config.set({**settings, "distributed.comm.require-encryption": True}):
        told = refused("tcp://127.0.0.1:1")
    assert "found tcp://127.0.0.1:1; allowed: tls:// alone" in told
    with silent_listener() as address, dask.config.set(settings):
        told = refused(address.replace("tcp", "tls"))
    assert "something listens there" in told


def check_answers_of(told: object) -> None:
    """Ask a server of Dask's make that tells this of itself."""
    from distributed.comm import listen

    async def asked() -> None:
        async def heard(comm: Any) -> None:
            assert (await comm.read())["op"] == "identity"
            await comm.write(told)
            await comm.close()

        async with listen("tcp://127.0.0.1:0", heard) as listener:
            await asyncio.to_thread(check_answers, listener.contact_address, 5.0)

    asyncio.run(asked())


def test_a_scheduler_answers() -> None:
    check_answers_of({"type": "Scheduler"})


@pytest.mark.parametrize(
    ("told", "found"), [({"type": "Worker"}, "worker"), ({"type": "Nanny"}, "nanny"), (7, "server")]
)
def test_another_server_of_dask_answers(told: object, found: str) -> None:
    with pytest.raises(SandtableError, match=f": it is the address of a {found}; allowed"):
        check_answers_of(told)

"""The address of a Dask scheduler: how it is written, and whether a scheduler answers there."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sandtable.errors import InputError, Problem, SandtableError

_OPTION = "--scheduler"
_ALLOWED = "the address of a Dask scheduler, as tcp://HOST:8786 or tls://HOST:8786"
_PORT = 8786
_PROTOCOLS = ("tcp", "tls")
_ADDRESS = re.compile(
    r"(?:(?P<protocol>[^:/]*)://)?(?P<host>\[[^][/\s]*\]|[^][:/\s]*)(?::(?P<port>[^:/]*))?"
)

_ENCRYPTED = "distributed.comm.require-encryption"
_TLS_ADDRESS = "tls://"
_TLS = "distributed.comm.tls"
_TLS_FILES = (f"{_TLS}.ca-file", f"{_TLS}.client.cert", f"{_TLS}.client.key")
_TLS_NEEDED = _TLS_FILES[:2]
_SCHEDULER = "Scheduler"
# Share of the time that is for the connection; the rest is for greeting and answer.
_TO_CONNECT = 0.8
# Seconds.
_A_MOMENT = 1.0


def check_address(address: str) -> None:
    """Raise InputError unless an address is written as one of a scheduler that can be reached.

    It is ``HOST:PORT`` or has the protocol ``tcp`` or ``tls`` before it; the host is a name, an
    IPv4 address, or an IPv6 address in brackets. Without a protocol it is Dask's own default, tcp.
    """
    fault = _fault(address)
    if fault is not None:
        found, nearest = fault
        raise InputError([Problem(_OPTION, _OPTION[2:], found, _ALLOWED, nearest)])


def _fault(address: str) -> tuple[str, str | None] | None:
    """What is wrong with an address, and what was probably meant."""
    if re.search(r"\s", address):
        return f"a space in '{address}'", None
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        return f"'{address}'", None
    protocol, host, port = parts["protocol"], parts["host"], parts["port"]
    if protocol is not None and protocol not in _PROTOCOLS:
        return f"the protocol '{protocol}' in '{address}'", None
    if host.strip("[]") == "":
        return f"no host in '{address}'", None
    if port is None:
        return f"no port in '{address}'", f"{address}:{_PORT}" if protocol else None
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
        return f"the port '{port}' in '{address}'", None
    return None


def check_answers(address: str, within: float) -> None:
    """Raise SandtableError unless a Dask scheduler answers at an address.

    ``within``: seconds for connection, greeting and answer. Dask's client limits the first alone:
    where something takes connections and never says a word it would wait for ever.
    """
    how = _connection_arguments(address)
    try:
        # In a thread: a notebook has a running loop, inside which there can't be another.
        with ThreadPoolExecutor(1) as thread:
            asking = _who_answers(address, within, how)
            who = thread.submit(asyncio.run, asyncio.wait_for(asking, within)).result()
    except Exception as error:
        # Whatever is said there may be read as anything, be it as a length of exabytes.
        raise _no_scheduler(address, _why(error, address, within)) from error
    if who != _SCHEDULER:
        raise _no_scheduler(address, f"it is the address of a {who.lower()}")


def _no_scheduler(address: str, why: str) -> SandtableError:
    return SandtableError(
        f"{_OPTION}: no Dask scheduler answers at {address}: {why}; allowed: {_ALLOWED}"
    )


async def _who_answers(address: str, within: float, how: dict[str, Any]) -> str:
    """What sort of Dask's servers says that it is there."""
    from distributed.comm import connect
    from distributed.core import send_recv

    comm = await connect(address, timeout=within * _TO_CONNECT, **how)
    try:
        told = await send_recv(comm, op="identity")
    finally:
        comm.abort()
    return str(told.get("type")) if isinstance(told, dict) else "server"


def _why(error: BaseException, address: str, within: float) -> str:
    """Say in plain words why nobody answered: the first cause tells more than the last."""
    limit = f"{within:g} s (Dask's setting distributed.comm.timeouts.connect)"
    if not isinstance(error, OSError):
        protocol = "TLS" if address.startswith(_TLS_ADDRESS) else "Dask's protocol"
        return f"what listens there does not speak {protocol}"
    match _first_cause(error, address):
        case asyncio.CancelledError():
            return f"something listens there, but did not answer as Dask does within {limit}"
        case ConnectionRefusedError():
            return f"nothing listened there within {limit}"
        case socket.gaierror():
            return f"the host was not found within {limit}"
        case ssl.SSLCertVerificationError() as found:
            of = f"not of the authority in {_TLS_FILES[0]}, Dask's setting"
            return f"its certificate is {of}, or not valid ({found.verify_message})"
        case ssl.SSLError() as found:
            return f"TLS failed ({found.strerror or found})"
        case ConnectionResetError():
            return "it closed the connection; perhaps it wants another protocol or certificate"
    return f"no connection came about within {limit}"


def _first_cause(error: BaseException, address: str) -> BaseException:
    """The first cause of an error; of one that the time cut short, what a connection meets now.

    If it meets nothing, a CancelledError, for then it was the answer that was cut short.
    """
    from distributed.comm import get_address_host_port
    from tornado.iostream import StreamClosedError

    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    if isinstance(error, StreamClosedError):
        return error.real_error or ConnectionResetError()
    if isinstance(error, asyncio.CancelledError):
        try:
            socket.create_connection(get_address_host_port(address), _A_MOMENT).close()
        except OSError as met:
            return met
    return error


def _connection_arguments(address: str) -> dict[str, Any]:
    """What Dask's settings say of TLS, held against an address."""
    import dask
    from distributed import Security

    told = "; ".join(f"{name}: {dask.config.get(name, None) or 'not set'}" for name in _TLS_FILES)
    try:
        how: dict[str, Any] = Security().get_connection_args("client")
    except (OSError, ValueError, TypeError) as error:
        said = getattr(error, "strerror", None) or error
        raise SandtableError(
            f"{_OPTION}: Dask's settings of TLS do not work: {said}; {told}"
        ) from error
    if address.startswith(_TLS_ADDRESS) and how["ssl_context"] is None:
        raise SandtableError(
            f"{_OPTION}: tls:// needs {' and '.join(_TLS_NEEDED)} in Dask's settings; found {told}"
        )
    if not address.startswith(_TLS_ADDRESS) and how["require_encryption"]:
        raise SandtableError(
            f"{_OPTION}: found {address}; allowed: tls:// alone, by Dask's setting {_ENCRYPTED}"
        )
    return how

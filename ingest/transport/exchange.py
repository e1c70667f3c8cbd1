"""One request on the wire: to a checked address, over verified TLS, within one time limit, never through a proxy.

httpcore speaks HTTP; the two classes below decide where it connects and how long it may take.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpcore

from ingest.transport.addresses import Target
from ingest.transport.bodies import Body
from ingest.transport.errors import PollFailed, PollRefused

_CONNECT_SECONDS = 10.0
_LATER = "Nothing to do at once: the next poll tries again."


class Deadline:
    """The moment by which everything must be over. However slowly bytes drip in, they move it by nothing."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        return max(self._ends - time.monotonic(), 0.0)

    def left(self, error: type[httpcore.TimeoutException] = httpcore.ReadTimeout) -> float:
        """Seconds that remain. Raises `error` if none do."""
        left = self.remaining
        if not left:
            raise error("the time for this poll is over")
        return left


class Pinned(httpcore.NetworkBackend):
    """Connects to the addresses that were checked, whatever the name resolves to by now."""

    def __init__(self, addresses: tuple[str, ...], deadline: Deadline) -> None:
        self._checked, self._deadline = addresses, deadline
        self._sockets = httpcore.SyncBackend()

    def addresses_of(self, host: str) -> tuple[str, ...]:
        """Where to connect to for a host: never the name itself, which would be resolved a second time."""
        return self._checked

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self.addresses_of(host):
            seconds = min(self._deadline.left(httpcore.ConnectTimeout), _CONNECT_SECONDS)
            try:
                return Timed(self._sockets.connect_tcp(address, port, seconds, local_address, ()), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class Timed(httpcore.NetworkStream):
    """A stream each of whose steps gets what is left until the deadline, and no more."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(httpcore.ConnectTimeout)
        return Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@dataclass(frozen=True)
class Answer:
    """What came back from one address: the status, the headers by lower-case name, and the body of a 200."""

    status: int
    headers: dict[str, str]
    body: bytes


def tls_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or newer, certificate and host name verified, against the bundle if there is one, else the system's."""
    context = ssl.create_default_context(cafile=str(ca_bundle) if ca_bundle else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def exchange(
    target: Target,
    headers: list[tuple[str, str]],
    *,
    feed: str,
    max_bytes: int,
    deadline: Deadline,
    ca_bundle: Path | None,
) -> Answer:
    """Asks one checked target once; follows nothing. Raises PollRefused or PollFailed, never an error of a library."""
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    sent = [("Host", target.authority), ("Connection", "close"), ("Accept-Encoding", "gzip, identity"), *headers]
    with (
        _in_our_words(feed, target.host),
        httpcore.ConnectionPool(
            ssl_context=tls_context(ca_bundle), network_backend=Pinned(target.addresses, deadline)
        ) as pool,
        pool.stream("GET", url, headers=sent) as response,
    ):
        received = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
        if response.status != 200:
            return Answer(response.status, received, b"")
        body = Body(feed, max_bytes, received.get("content-encoding", ""), received.get("content-length", ""))
        for chunk in response.iter_stream():
            body.add(chunk)
        return Answer(response.status, received, body.whole())


@contextmanager
def _in_our_words(feed: str, host: str) -> Iterator[None]:
    """A certificate or protocol that does not hold is refused; everything else on the wire may pass."""
    try:
        yield
    except httpcore.TimeoutException as error:
        found = f"no complete answer from {host} in time"
        raise PollFailed(feed, found, "an answer within the contract's limit", _LATER, code="timeout") from error
    except httpcore.RemoteProtocolError as error:
        found = f"an answer from {host} that broke off or is no HTTP"
        raise PollFailed(feed, found, "a whole answer", _LATER, code="cut_short") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        reason = _tls_reason(error)
        if reason is None:
            found = f"no connection to {host}"
            raise PollFailed(feed, found, "a source that answers", _LATER, code="no_connection") from error
        code, found = reason
        raise PollRefused(
            feed,
            f"{found} of {host}",
            "a valid certificate for this host, TLS 1.2 or newer",
            "Ask the source to mend it; an office's own authority goes into ca_bundle. There is no way past.",
            code=code,
        ) from error


def _tls_reason(error: BaseException) -> tuple[str, str] | None:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "bad_certificate", f"an invalid certificate ({cause.verify_message.rstrip('.')})"
        if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return None  # hung up in the middle: that may pass
        if isinstance(cause, ssl.SSLError):
            return "bad_tls", f"an unusable TLS ({cause.reason})"
        cause = cause.__cause__ or cause.__context__
    return None

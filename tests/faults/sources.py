"""Sources as they really are, on loopback: servers that answer by script, certificates made on the spot, a resolver."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "relay.example"


@dataclass
class Reply:
    """What the server does with one request. `raw` writes to the connection by itself."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    raw: Callable[[Any], None] | None = None


@dataclass
class Server:
    """A listening server: its port, the headers of each request that reached it, and its script."""

    port: int
    script: list[Reply]
    seen: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def serving(
    *script: Reply, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None, port: int = 0
) -> Iterator[Server]:
    """Answers by the script, in order; the last reply again and again."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.seen.append({k.lower(): v for k, v in self.headers.items()} | {":path": self.path})
            reply = server.script.pop(0) if len(server.script) > 1 else server.script[0]
            with suppress(OSError):
                if reply.raw is not None:
                    reply.raw(self.wfile)
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

        def log_message(self, *args: Any) -> None:
            return None

    class Listener(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            return None  # a client that hangs up is what these cases are about

        def get_request(self) -> Any:
            connection, where = super().get_request()
            if tls is not None:
                connection.settimeout(5)
                try:
                    connection = tls.wrap_socket(connection, server_side=True)
                except OSError:
                    connection.close()
                    raise
            return connection, where

    listener = Listener((address, port), Handler)
    server = Server(listener.server_address[1], list(script))
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()


@dataclass(frozen=True)
class Authority:
    """A certificate authority of this test, and the bundle that trusts it."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def bundle(self) -> Path:
        return self.folder / "authority.pem"

    def context(self, host: str = HOST, *, expired: bool = False, self_signed: bool = False) -> ssl.SSLContext:
        """A server's TLS context with a certificate for the host."""
        key = ec.generate_private_key(ec.SECP256R1())
        signer = key if self_signed else self.key
        issuer = _name(host) if self_signed else self.certificate.subject
        certificate = _certificate(_name(host), issuer, key.public_key(), signer, host=host, expired=expired)
        path = self.folder / f"{host}{'_expired' * expired}{'_self' * self_signed}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def authority(folder: Path) -> Authority:
    """A fresh authority whose files lie in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("authority of the test")
    certificate = _certificate(name, name, key.public_key(), key, host=None, expired=False)
    made = Authority(folder, key, certificate)
    made.bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return made


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    host: str | None,
    expired: bool,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    ends = now + dt.timedelta(days=-1 if expired else 1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
    )
    if host is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


class Resolver:
    """Stands in for getaddrinfo: a name's answers in turn, the last one for good; addresses are themselves."""

    def __init__(self, **names: list[list[str]]) -> None:
        self.names = {name.replace("_", "."): list(answers) for name, answers in names.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, *args: Any, **named: Any) -> list[Any]:
        self.asked.append(host)
        try:
            addresses = [str(ipaddress.ip_address(host))]
        except ValueError:
            if host not in self.names:
                raise socket.gaierror(f"no such name: {host}") from None
            answers = self.names[host]
            addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses
        ]

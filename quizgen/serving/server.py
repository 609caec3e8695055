"""A server for one person on this machine: loopback only, and nothing is told to whoever has not the token of its address.

Every request must name the token, which is compared in constant time, and must call the server by its own address: a page of
another site that points a name of its own at this machine (DNS rebinding) is refused before anything is looked up.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from quizgen.serving.bench import Bench
from quizgen.serving.routes import Reply, reply_to

LOOPBACK = "127.0.0.1"

MAX_BODY = 200_000
"""The most bytes of a request that are read."""

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

Respond = Callable[[str, str, dict[str, str], bytes], Reply]
"""From method, path below the token, query and body to the reply."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a request that waits for news must not hold up the end

    def __init__(self, token: str, respond: Respond) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.token = token.encode()
        self.respond = respond

    @property
    def names(self) -> tuple[str, ...]:
        """What a browser may call the server."""
        return f"{LOOPBACK}:{self.server_port}", f"localhost:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that goes away is no error to print."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "quizgen", ""
    timeout = 60

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > MAX_BODY:
            self.close_connection = True  # what comes is not read
            self._send(Reply(413, "text/plain", f"a request has at most {MAX_BODY:,} bytes".encode()))
            return
        self._answer(self.rfile.read(int(length)))

    def _answer(self, body: bytes) -> None:
        split = urlsplit(self.path)
        token, _, path = split.path.removeprefix("/").partition("/")
        if not self._is_own() or not hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token):
            self._send(Reply(403, "text/plain", b"this page is for the one who started the server"))
            return
        query = {name: values[-1] for name, values in parse_qs(split.query).items()}
        self._send(self.server.respond(self.command, path, query, body))

    def _is_own(self) -> bool:
        """Whether the server is called by its own address, and no page of another site asks."""
        names = self.server.names
        origin = self.headers.get("Origin")
        return self.headers.get("Host") in names and (origin is None or origin in [f"http://{name}" for name in names])

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", f"{reply.kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(reply.content)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal is the author's."""


@contextmanager
def watching(bench: Bench, shown: int) -> Iterator[str]:
    """Serves the bench, with so many variants side by side, and watches its files; gives the address of the page."""
    token = secrets.token_urlsafe(24)
    server = _Server(token, lambda method, path, query, body: reply_to(bench, shown, method, path, query, body))
    threads = [Thread(target=server.serve_forever, args=(0.1,), daemon=True), Thread(target=bench.follow, daemon=True)]
    for thread in threads:
        thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}/{token}/"
    finally:
        bench.end()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join(5)

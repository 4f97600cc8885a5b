"""Tiny servers on loopback that say who they are and what they were asked for."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def backend(name: str) -> Iterator[int]:
    """Serve ``NAME: TARGET`` for every GET, and give the port; the target as it was sent.

    ``/redirect`` leads to ``/elsewhere`` on the host that it is asked as.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"{name}: {self.requestline.split()[1]}".encode("latin-1")
            redirect = self.path == "/redirect"
            self.send_response(302 if redirect else 200)
            if redirect:
                self.send_header("Location", f"http://{self.headers['Host']}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

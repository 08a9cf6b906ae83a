"""A mail server on a real socket, that takes mail, refuses it or keeps still."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import cast


@dataclass(kw_only=True)
class Postbox:
    """What came in; `says` is the answer to an address, `hold` keeps the answer to a mail back."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None
    took: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Talk(socketserver.StreamRequestHandler):
    """One conversation of SMTP (RFC 5321), as far as a client that sends needs it."""

    def handle(self) -> None:
        box = cast("Postbox", self.server.box)  # type: ignore[attr-defined]
        self._say("220 postbox")
        to = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("RCPT"):
                to = line.partition("<")[2].partition(">")[0]
                self._say(box.says.get(to, "250 ok"))
            elif verb == "DATA":
                self._say("354 go on")
                self._take(box, to)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, box: Postbox, to: str) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        policy = email.policy.default
        box.mails.append(
            cast("EmailMessage", email.message_from_bytes(b"".join(lines), policy=policy))
        )
        box.to.append(to)
        box.took.set()
        if box.hold is not None:
            box.hold.wait(60)
        self._say("250 taken")

    def _say(self, line: str) -> None:
        with suppress(OSError):  # whoever asked was killed
            self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    box: Postbox


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    """Take mail on a free port until the block ends."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.box = Postbox(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.box
        finally:
            server.shutdown()
            thread.join(5)

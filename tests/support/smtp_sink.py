"""A real SMTP server on loopback that keeps what it accepts and answers as a test tells it to."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

# What a rule may return instead of a reply line.
DROP = "drop the connection"
HANG = "say nothing"
LOOPBACK = "127.0.0.1"
# Gets the argument of the verb (the greeting, host name, address or Message-ID); None is the usual answer.
Rule = Callable[[str], str | None]


@dataclass(frozen=True)
class Accepted:
    """A message that the server took: its envelope, and the message itself."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    def part(self, kind: str) -> str:
        """Return the body of the given kind, "plain" or "html"."""
        body = self.message.get_body((kind,))
        assert body is not None, f"no {kind} part"
        return str(body.get_content())


@dataclass
class Sink:
    """`on` maps a step (CONNECT, EHLO, MAIL, RCPT, DATA, MESSAGE) to a rule.

    DATA is the command, before its 354; MESSAGE comes after the last line, when the server has stored the
    message: a rule that refuses with a reply line un-stores it, DROP and HANG keep it.
    """

    port: int
    # Whether it says that it takes several commands at once.
    is_pipelining: bool = False
    on: dict[str, Rule] = field(default_factory=dict)
    accepted: list[Accepted] = field(default_factory=list)
    connections: int = 0
    transports: list[asyncio.BaseTransport] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return sorted(address for each in self.accepted for address in each.recipients)

    @property
    def message_ids(self) -> list[str]:
        return [each.message_id for each in self.accepted]

    def ask(self, step: str, argument: str) -> str | None:
        rule = self.on.get(step)
        return rule(argument) if rule else None


class _Server(SMTP):
    def __init__(self, sink: Sink, **options: Any) -> None:
        super().__init__(_Handler(sink), hostname="sink.example", **options)
        self.sink = sink

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.sink.transports.append(transport)
        super().connection_made(transport)

    async def push(self, status: Any) -> None:
        if str(status).startswith("220 "):
            self.sink.connections += 1
            told = await _obey(self, self.sink.ask("CONNECT", str(status)), str(status))
            await super().push(told)
            if told != status:
                _transport(self).close()
            return
        await super().push(status)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        refusal = await _obey(self, self.sink.ask("DATA", arg or ""), "")
        if refusal:
            await self.push(refusal)
        elif not _transport(self).is_closing():
            await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: _Server, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        told = await _obey(server, self.sink.ask("EHLO", hostname), "")
        if told:
            return [told]
        return [responses[0], *["250-PIPELINING"] * self.sink.is_pipelining, *responses[1:]]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        told = await _obey(server, self.sink.ask("MAIL", address), "250 OK")
        if told.startswith("2"):
            envelope.mail_from = address
        return told

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        told = await _obey(server, self.sink.ask("RCPT", address), "250 OK")
        if told.startswith("2"):
            envelope.rcpt_tos.append(address)
        return told

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: _Server, session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.content
        assert isinstance(raw, bytes)
        message = Accepted(str(envelope.mail_from), list(envelope.rcpt_tos), raw)
        self.sink.accepted.append(message)
        told = await _obey(server, self.sink.ask("MESSAGE", message.message_id), "250 OK stored")
        if not told.startswith("2"):
            self.sink.accepted.remove(message)
        return told


def _transport(server: _Server) -> asyncio.WriteTransport:
    assert isinstance(server.transport, asyncio.WriteTransport)
    return server.transport


async def _obey(server: _Server, wish: str | None, usual: str) -> str:
    if wish == DROP:
        _transport(server).abort()
        return usual
    if wish == HANG:
        await asyncio.sleep(3600)
    return usual if wish is None else wish


@contextmanager
def smtp_sink(*, tls: ssl.SSLContext | None = None) -> Iterator[Sink]:
    """Run the server in a thread, on a free port of IPv4 loopback."""
    listening = socket.create_server((LOOPBACK, 0))
    sink = Sink(port=listening.getsockname()[1])
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="smtp-sink", daemon=True)
    thread.start()
    starting = loop.create_server(lambda: _Server(sink, loop=loop), sock=listening, ssl=tls)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result(timeout=10)
    try:
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server, sink), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _stop(server: asyncio.Server, sink: Sink) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for transport in sink.transports:
        transport.close()
    # A transport closes its socket in a later round of the loop.
    for _round in range(3):
        await asyncio.sleep(0)

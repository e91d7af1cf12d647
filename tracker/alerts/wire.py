"""A mail as the bytes that go over the wire: written once, filled in for each reader, checked again.

The bodies are quoted-printable. Each slot stands between two soft line breaks, on a line of its own, so
that filling it in makes no line too long; and the boundary holds "=_", which quoted-printable never has,
so that no text can end a part.
"""

import quopri
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr, parseaddr
from functools import cached_property

from .mails.base import SLOT, Parts, slot

# What a slot may be filled with. In the head: one line of ASCII that looks like no boundary. In a body: what
# means nothing to quoted-printable or to HTML, and fits on a line of 76 with the "=" of the soft break.
_IN_HEAD = re.compile(r"[!-,/-~][ -~]{0,399}")
_IN_BODY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,74}")
_MARK = re.compile(rb"\x00([a-z_]+)\x00")


class UnsafeValueError(ValueError):
    """A slot would be filled with something that could change the structure of the mail."""


@dataclass(frozen=True)
class Pattern:
    """A mail with empty slots. `literals` stand around them: one more than there are `names`."""

    literals: tuple[bytes, ...]
    names: tuple[str, ...]
    in_body: frozenset[str]
    boundary: bytes

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Return the mail for one reader, ready to send: CRLF lines, dots doubled, with its final dot.

        Raises UnsafeValueError for a value that is no single line of harmless ASCII, or too long.
        """
        for name in self.used:
            allowed = _IN_BODY if name in self.in_body else _IN_HEAD
            if not allowed.fullmatch(values.get(name, "")):
                raise UnsafeValueError(f"the value for “{name}” can't stand in a mail")
        pieces = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            pieces += (values[name].encode("ascii"), literal)
        raw = b"".join(pieces)
        # Filling in added no line and no boundary: then there is no new header and no new part.
        if (raw.count(b"\n"), raw.count(b"\r"), raw.count(self.boundary)) != self.structure:
            raise UnsafeValueError("a value changed the structure of the mail")
        return raw

    @cached_property
    def used(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def structure(self) -> tuple[int, int, int]:
        """How many line feeds, carriage returns and boundaries the mail has with its slots empty."""
        signs = (b"\n", b"\r", self.boundary)
        lines, returns, bounds = (sum(each.count(sign) for each in self.literals) for sign in signs)
        return lines, returns, bounds


def pattern(parts: Parts, *, sender: str, headers: Mapping[str, str]) -> Pattern:
    """Write a mail. Its head has the slots `to`, `message_id` and `date` besides those of its parts."""
    boundary = f"=_{secrets.token_hex(16)}"
    head = [
        f"From: {_address(sender)}",
        f"To: {slot('to')}",
        f"Subject: {_subject(parts.subject)}",
        f"Message-ID: {slot('message_id')}",
        f"Date: {slot('date')}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"',
    ]
    bodies = [_body("plain", parts.text, boundary), _body("html", parts.html, boundary)]
    raw = b"".join([_marked("\r\n".join(head)), b"\r\n\r\n", *bodies, f"--{boundary}--\r\n.\r\n".encode()])
    pieces = _MARK.split(raw)
    in_body = frozenset(name for part in (parts.text, parts.html) for name in SLOT.findall(part))
    names = tuple(name.decode() for name in pieces[1::2])
    return Pattern(tuple(pieces[0::2]), names, in_body, boundary.encode())


def as_stored(raw: bytes) -> bytes:
    """Return a mail as a mailbox keeps it: without the final dot, other dots single."""
    return re.sub(rb"(?m)^\.\.", b".", raw.removesuffix(b".\r\n")).replace(b"\r\n", b"\n")


def _address(sender: str) -> str:
    name, address = parseaddr(sender)
    return formataddr((name, address), charset="utf-8")


def _subject(text: str) -> str:
    return Header(text, "us-ascii" if text.isascii() else "utf-8", header_name="Subject").encode(
        linesep="\r\n"
    )


def _marked(text: str) -> bytes:
    return b"".join(piece.encode() if not is_slot else _mark(piece) for piece, is_slot in _split(text))


def _mark(name: str) -> bytes:
    return b"\x00" + name.encode() + b"\x00"


def _body(kind: str, text: str, boundary: str) -> bytes:
    head = (
        f"--{boundary}\r\n"
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    pieces = [
        b"=\n" + _mark(piece) + b"=\n" if is_slot else _quoted(piece) for piece, is_slot in _split(text)
    ]
    body = b"".join(pieces).replace(b"\n", b"\r\n")
    # RFC 5321, 4.5.2: a line that begins with a dot gets another one, which the server takes off.
    return head.encode() + re.sub(rb"(?m)^\.", b"..", body) + b"\r\n"


def _quoted(text: str) -> bytes:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return quopri.encodestring(plain.encode(), quotetabs=False)


def _split(text: str) -> Iterator[tuple[str, bool]]:
    for number, piece in enumerate(SLOT.split(text)):
        if piece:
            yield piece, bool(number % 2)

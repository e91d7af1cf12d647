"""Typed readers of environment variables that collect every problem instead of raising the first.

`config.settings` reads through one `Environment`; `config.checks` shows its problems as system checks.
A reader that meets a bad value notes it and returns the default, so that the rest can still be read.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})
ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\*|\[[0-9A-Fa-f:.]+\]")
LICENCE = re.compile(r"(?P<name>[^<>]*[^<>\s])\s*<(?P<url>https?://[^<>\s/]+(/[^<>\s]*)?)>")
# A value that could not be read must never lead to another database than the one that was meant.
NO_DATABASE: dict[str, Any] = {"ENGINE": "django.db.backends.dummy"}


@dataclass(frozen=True)
class Problem:
    """One variable that cannot be used: what is wrong and how to mend it. Never quotes a secret."""

    variable: str
    text: str
    hint: str


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over. `tls` is STARTTLS on a plain connection, `ssl` is TLS from the start."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool


@dataclass(frozen=True)
class Licence:
    """On which terms others may use the data: the name of the licence, and where its text stands."""

    name: str
    url: str


@dataclass
class Environment:
    """Reads variables out of `values`; an empty value counts as unset."""

    values: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def report(self, variable: str, text: str, hint: str) -> None:
        self.problems.append(Problem(variable, text, hint))

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, "").strip()
        if "\n" in value or "\r" in value:
            self.report(name, f"{name} contains a line break.", "Write the value on one line.")
            return default
        return value or default

    def boolean(self, name: str, *, default: bool) -> bool:
        word = self.text(name).lower()
        if not word:
            return default
        if word in TRUE_WORDS or word in FALSE_WORDS:
            return word in TRUE_WORDS
        self.report(name, f"{name} is {word!r}, which is neither yes nor no.", "Use 1 or 0.")
        return default

    def integer(self, name: str, *, default: int, minimum: int, maximum: int) -> int:
        raw = self.text(name)
        if not raw:
            return default
        if re.fullmatch(r"[0-9]{1,9}", raw) and minimum <= int(raw) <= maximum:
            return int(raw)
        self.report(
            name,
            f"{name} is {raw!r}, which is not a whole number from {minimum} to {maximum}.",
            f"Set it to such a number, or unset it for the default, {default}.",
        )
        return default

    def choice(self, name: str, *, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value in allowed:
            return value
        self.report(name, f"{name} is {value!r}.", f"Use one of: {', '.join(allowed)}.")
        return default

    def addresses(self, name: str) -> list[str]:
        """Return plain e-mail addresses from a comma-separated list, each once, in the given order."""
        found = dict.fromkeys(part.strip() for part in self.text(name).split(",") if part.strip())
        for address in found:
            if not ADDRESS.fullmatch(address):
                self.report(
                    name,
                    f"{name} holds {address!r}, which is not an e-mail address.",
                    "Write plain addresses with commas between them: desk@example.org, editor@example.org",
                )
        return [address for address in found if ADDRESS.fullmatch(address)]

    def address(self, name: str) -> str:
        """Return one plain e-mail address of ASCII letters, or "" when `name` is unset."""
        value = self.text(name)
        if not value or (value.isascii() and ADDRESS.fullmatch(value)):
            return value
        self.report(
            name,
            f"{name} is {value!r}, which is not one plain e-mail address.",
            "Write it without a name: bounces@example.org",
        )
        return ""

    def contact(self, name: str) -> str:
        """Return where people can be told something, as a URI: mailto:, https: or tel:; "" when unset."""
        value = self.text(name)
        is_uri = value.isascii() and re.fullmatch(r"(mailto:|https://|tel:)[^\s]+", value)
        if not value or is_uri:
            return value
        if value.isascii() and ADDRESS.fullmatch(value):
            return f"mailto:{value}"
        self.report(
            name,
            f"{name} is {value!r}, which is neither an e-mail address nor a web address.",
            "Write security@example.org, or https://example.org/security",
        )
        return ""

    def sender(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if ADDRESS.fullmatch(parseaddr(value)[1]):
            return value
        self.report(
            name,
            f"{name} is {value!r}, which holds no e-mail address.",
            'Write an address, or a name and an address: "Pledge tracker <tracker@example.org>"',
        )
        return default

    def site_url(self, name: str, default: str) -> str:
        """Return the address of the public site: scheme and host, no path, no slash at the end."""
        value = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(value)
            is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
            is_bare = not (parts.path or parts.query or parts.fragment or parts.username)
        except ValueError:
            is_good = is_bare = False
        if is_good and is_bare:
            return value
        self.report(
            name,
            f"{name} is {value!r}, which is not the address of a site.",
            "Write scheme and host only, as in https://pledges.example.org",
        )
        return default

    def licence(self, name: str, default: Licence) -> Licence:
        """Return a licence written as its name and, in angle brackets, the address of its text."""
        value = self.text(name)
        if not value:
            return default
        found = LICENCE.fullmatch(value)
        if found:
            return Licence(found["name"], found["url"])
        self.report(
            name,
            f"{name} is {value!r}, which is not the name of a licence with the address of its text.",
            "Write both, as in CC0 1.0 <https://creativecommons.org/publicdomain/zero/1.0/>",
        )
        return default

    def hosts(self, name: str, default: list[str]) -> list[str]:
        found = [part.strip() for part in self.text(name).split(",") if part.strip()]
        bad = [host for host in found if not HOST.fullmatch(host)]
        for host in bad:
            self.report(
                name,
                f"{name} holds {host!r}, which is not a host name.",
                "Write names without scheme, port or path: pledges.example.org, www.example.org",
            )
        return [host for host in found if host not in bad] or default

    def database(self, name: str, default_url: str) -> dict[str, Any]:
        """Return Django's dictionary for one database, SQLite or PostgreSQL. Errors never show the URL."""
        try:
            parsed = dict(dj_database_url.parse(self.text(name, default_url)))
        except ValueError as error:
            parsed, reason = {}, type(error).__name__
        else:
            # SQLite without a path would live in memory, and be lost with the process.
            reason = "no database name" if parsed.get("NAME") in (None, "", ":memory:") else ""
        engine = str(parsed.get("ENGINE", ""))
        if not reason and engine.rpartition(".")[2] in {"sqlite3", "postgresql"}:
            return parsed
        self.report(
            name,
            f"{name} cannot be used ({reason or 'only SQLite and PostgreSQL are supported'}).",
            "Write postgres://USER:PASSWORD@HOST:5432/NAME (special signs percent-encoded), or "
            "sqlite:////absolute/path/to/file",
        )
        return dict(NO_DATABASE)

    def redis(self, name: str, default: str) -> str:
        """Return a broker URL as Celery writes it: redis://, rediss:// or redis+socket://."""
        value = self.text(name)
        if value.startswith("unix://"):
            value = "redis+socket://" + value.removeprefix("unix://").replace("?db=", "?virtual_host=")
        try:
            parts = urlsplit(value)
            is_network = parts.scheme in {"redis", "rediss"} and bool(parts.hostname) and parts.port != 0
            is_socket = parts.scheme == "redis+socket" and parts.path.startswith("/")
        except ValueError:
            is_network = is_socket = False
        if not value or is_network or is_socket:
            return value or default
        self.report(
            name,
            f"{name} is not the address of a Redis server.",
            "Write redis://:PASSWORD@HOST:6379/0, rediss:// for TLS, or redis+socket:///path/to/redis.sock; "
            "unset it to use the Redis that `up` starts.",
        )
        return default

    def smtp(self, name: str) -> SmtpServer | None:
        """Return the mail server, or None when `name` is unset (mail then goes to the local mailbox)."""
        value = self.text(name)
        if not value:
            return None
        try:
            parts = urlsplit(value)
            options = parse_qs(parts.query, strict_parsing=bool(parts.query))
            port = parts.port or (465 if parts.scheme == "smtps" else 25)
        except ValueError:
            self._report_smtp(name)
            return None
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path not in {"", "/"}:
            self._report_smtp(name)
            return None
        if set(options) - {"tls"} or options.get("tls", ["0"])[0] not in {"0", "1"}:
            self._report_smtp(name)
            return None
        return SmtpServer(
            host=parts.hostname,
            port=port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=parts.scheme == "smtp" and options.get("tls") == ["1"],
            ssl=parts.scheme == "smtps",
        )

    def _report_smtp(self, name: str) -> None:
        self.report(
            name,
            f"{name} is not the address of a mail server.",
            "Write smtp://USER:PASSWORD@HOST:587?tls=1 (STARTTLS) or smtps://USER:PASSWORD@HOST:465, special "
            "signs in the password percent-encoded; unset it to keep mail in the local mailbox.",
        )


def is_loopback(host: str) -> bool:
    """Return whether `host` names this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"

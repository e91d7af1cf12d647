"""Truth tables of the environment readers: what is taken, what is refused and in which words."""

import pytest

from config.env import Environment, Licence, SmtpServer, is_loopback

pytestmark = pytest.mark.once


def read(value: str | None) -> Environment:
    return Environment({} if value is None else {"X": value})


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        (None, 7, 0),
        ("", 7, 0),
        (" 1 ", 1, 0),
        ("10", 10, 0),
        ("0", 7, 1),
        ("11", 7, 1),
        ("-1", 7, 1),
        ("1.5", 7, 1),
        ("1_0", 7, 1),
        ("١", 7, 1),
        ("ten", 7, 1),
        ("9" * 5000, 7, 1),
    ],
)
def test_integer(value: str | None, expected: int, problems: int) -> None:
    env = read(value)
    assert env.integer("X", default=7, minimum=1, maximum=10) == expected
    assert len(env.problems) == problems
    if problems:
        assert "from 1 to 10" in env.problems[0].text
        assert "default, 7" in env.problems[0].hint


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        (None, True, 0),
        ("1", True, 0),
        ("TRUE", True, 0),
        ("yes", True, 0),
        ("on", True, 0),
        ("0", False, 0),
        ("False", False, 0),
        ("no", False, 0),
        ("off", False, 0),
        ("maybe", True, 1),
        ("2", True, 1),
    ],
)
def test_boolean(value: str | None, expected: bool, problems: int) -> None:
    env = read(value)
    assert env.boolean("X", default=True) is expected
    assert len(env.problems) == problems


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        (None, [], 0),
        ("a@example.org", ["a@example.org"], 0),
        ("a@example.org, b@example.org ,a@example.org,", ["a@example.org", "b@example.org"], 0),
        ("a@example.org; b@example.org", [], 1),
        ("a@example.org, nonsense", ["a@example.org"], 1),
        ("Desk <a@example.org>", [], 1),
        ("a@example.org\nBcc: b@example.org", [], 1),
        ("x, y", [], 2),
    ],
)
def test_addresses(value: str | None, expected: list[str], problems: int) -> None:
    env = read(value)
    assert env.addresses("X") == expected
    assert len(env.problems) == problems


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        (None, "", 0),
        ("bounces@example.org", "bounces@example.org", 0),
        (" bounces@example.org ", "bounces@example.org", 0),
        ("Bounces <bounces@example.org>", "", 1),
        ("bounces@example.org, other@example.org", "", 1),
        ("bounces", "", 1),
        ("مرتد@example.org", "", 1),
        ("bounces@example.org\nBcc: b@example.org", "", 1),
    ],
)
def test_address(value: str | None, expected: str, problems: int) -> None:
    env = read(value)
    assert env.address("X") == expected
    assert len(env.problems) == problems


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        (None, "", 0),
        ("security@example.org", "mailto:security@example.org", 0),
        ("mailto:security@example.org", "mailto:security@example.org", 0),
        ("https://example.org/security", "https://example.org/security", 0),
        ("tel:+1-201-555-0123", "tel:+1-201-555-0123", 0),
        ("http://example.org/security", "", 1),
        ("https://", "", 1),
        ("https://example.org/a b", "", 1),
        ("Desk <security@example.org>", "", 1),
        ("أمن@example.org", "", 1),
        ("nobody", "", 1),
        ("a@example.org\nPolicy: x", "", 1),
    ],
)
def test_contact(value: str | None, expected: str, problems: int) -> None:
    env = read(value)
    assert env.contact("X") == expected
    assert len(env.problems) == problems


@pytest.mark.parametrize(
    ("value", "is_taken"),
    [
        ("tracker@example.org", True),
        ("Pledge tracker <tracker@example.org>", True),
        ("المتتبع <tracker@example.org>", True),
        ("nobody", False),
        ("Tracker <nobody>", False),
        ("a@example.org\r\nBcc: b@example.org", False),
    ],
)
def test_sender(value: str, is_taken: bool) -> None:
    env = read(value)
    assert env.sender("X", "default@example.org") == (value if is_taken else "default@example.org")
    assert bool(env.problems) is not is_taken


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://pledges.example.org", "https://pledges.example.org"),
        ("https://pledges.example.org/", "https://pledges.example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("pledges.example.org", None),
        ("ftp://pledges.example.org", None),
        ("https://", None),
        ("https://pledges.example.org/path", None),
        ("https://user@pledges.example.org", None),
        ("https://pledges.example.org?x=1", None),
        ("https://pledges.example.org:port", None),
        ("https://[::1", None),
    ],
)
def test_site_url(value: str, expected: str | None) -> None:
    env = read(value)
    assert env.site_url("X", "http://default") == (expected or "http://default")
    assert bool(env.problems) is (expected is None)


ODBL = "https://opendatacommons.org/licenses/odbl/1-0/"
CC_BY = Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        (None, CC_BY, 0),
        (" ", CC_BY, 0),
        (f"ODbL 1.0 <{ODBL}>", Licence("ODbL 1.0", ODBL), 0),
        ("Terms<http://ngo.example>", Licence("Terms", "http://ngo.example"), 0),
        ("ODbL 1.0", CC_BY, 1),
        (ODBL, CC_BY, 1),
        (f"<{ODBL}>", CC_BY, 1),
        (f" <{ODBL}>", CC_BY, 1),
        (f"ODbL <{ODBL}", CC_BY, 1),
        ("ODbL <javascript:alert(1)>", CC_BY, 1),
        ("ODbL <https:///no-host>", CC_BY, 1),
        (f"ODbL <{ODBL}> and more", CC_BY, 1),
    ],
)
def test_licence(value: str | None, expected: Licence, problems: int) -> None:
    env = read(value)
    assert env.licence("X", CC_BY) == expected
    assert len(env.problems) == problems
    if problems:
        assert "as in CC0 1.0 <https://" in env.problems[0].hint


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        (None, ["default"], 0),
        ("a.example.org, b.example.org", ["a.example.org", "b.example.org"], 0),
        (".example.org,[::1]", [".example.org", "[::1]"], 0),
        ("https://a.example.org", ["default"], 1),
        ("a.example.org:80", ["default"], 1),
        ("a.example.org,b/c", ["a.example.org"], 1),
    ],
)
def test_hosts(value: str | None, expected: list[str], problems: int) -> None:
    env = read(value)
    assert env.hosts("X", ["default"]) == expected
    assert len(env.problems) == problems


@pytest.mark.parametrize(
    ("value", "engine", "name"),
    [
        (None, "django.db.backends.sqlite3", "/srv/default.sqlite3"),
        ("sqlite:////srv/x.sqlite3", "django.db.backends.sqlite3", "/srv/x.sqlite3"),
        ("postgres://u:p@host:5432/name", "django.db.backends.postgresql", "name"),
        ("postgresql://u:p%40%2F@host/name?sslmode=require", "django.db.backends.postgresql", "name"),
        ("postgres://u@%2Frun%2Fpg/name", "django.db.backends.postgresql", "name"),
    ],
)
def test_database(value: str | None, engine: str, name: str) -> None:
    env = read(value)
    found = env.database("X", "sqlite:////srv/default.sqlite3")
    assert (found["ENGINE"], found["NAME"]) == (engine, name)
    assert env.problems == []


@pytest.mark.parametrize(
    "value",
    [
        "mysql://u:secret@host/name",
        "postgres://u:secret@host",
        "postgres://u:secret@host/",
        "postgres://u:secret@host:port/name",
        "postgres://u:secret@[host/name",
        "secret",
        "://secret",
        "sqlite://",
    ],
)
def test_a_bad_database_leads_to_none_and_shows_no_secret(value: str) -> None:
    env = read(value)
    assert env.database("X", "sqlite:////srv/default.sqlite3")["ENGINE"].endswith("dummy")
    assert len(env.problems) == 1
    assert "secret" not in env.problems[0].text + env.problems[0].hint


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "default"),
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("rediss://:secret@host:6380/1", "rediss://:secret@host:6380/1"),
        ("redis+socket:///run/redis.sock?virtual_host=2", "redis+socket:///run/redis.sock?virtual_host=2"),
        ("unix:///run/redis.sock?db=2", "redis+socket:///run/redis.sock?virtual_host=2"),
    ],
)
def test_redis(value: str | None, expected: str) -> None:
    env = read(value)
    assert env.redis("X", "default") == expected
    assert env.problems == []


@pytest.mark.parametrize("value", ["localhost:6379", "http://secret@host", "redis://", "redis://h:secret/0"])
def test_a_bad_redis_is_refused_without_showing_it(value: str) -> None:
    env = read(value)
    assert env.redis("X", "default") == "default"
    assert len(env.problems) == 1
    assert "secret" not in env.problems[0].text + env.problems[0].hint


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("smtp://127.0.0.1", SmtpServer("127.0.0.1", 25, "", "", tls=False, ssl=False)),
        ("smtp://u:p%40ss@host:587?tls=1", SmtpServer("host", 587, "u", "p@ss", tls=True, ssl=False)),
        ("smtp://host:25?tls=0", SmtpServer("host", 25, "", "", tls=False, ssl=False)),
        ("smtps://u%2Fx:p@host", SmtpServer("host", 465, "u/x", "p", tls=False, ssl=True)),
    ],
)
def test_smtp(value: str | None, expected: SmtpServer | None) -> None:
    env = read(value)
    assert env.smtp("X") == expected
    assert env.problems == []


@pytest.mark.parametrize(
    "value",
    [
        "mail.example.org",
        "smtp:",
        "smtp://",
        "http://u:secret@host",
        "smtp://u:secret@host:many",
        "smtp://u:secret@host?tls=maybe",
        "smtp://u:secret@host?ssl=1",
        "smtp://u:secret@host?tls",
        "smtp://u:secret@host/box",
    ],
)
def test_a_bad_smtp_is_refused_without_showing_it(value: str) -> None:
    env = read(value)
    assert env.smtp("X") is None
    assert len(env.problems) == 1
    assert "secret" not in env.problems[0].text + env.problems[0].hint


def test_choice() -> None:
    env = read("de")
    assert env.choice("X", default="en", allowed=("en", "ar")) == "en"
    assert "en, ar" in env.problems[0].hint
    assert read("ar").choice("X", default="en", allowed=("en", "ar")) == "ar"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected

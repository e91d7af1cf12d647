"""Links for readers without an account: each opens one thing, for one reader."""

import string

import pytest

from tests.support.subscribers import make_subscriber
from tracker.alerts import tokens
from tracker.alerts.models import Subscriber
from tracker.alerts.tokens import Purpose

pytestmark = pytest.mark.django_db
HARMLESS = set(string.ascii_letters + string.digits + "-.")


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("about", [None, 1, 2**62])
def test_a_link_opens_what_it_was_made_for(purpose: Purpose, about: int | None) -> None:
    reader = make_subscriber()
    token = tokens.make(purpose, reader.pk, reader.secret, about)
    assert tokens.read(purpose, token) == (reader, about)
    assert set(token) <= HARMLESS
    assert len(token) < 75


@pytest.mark.parametrize("made", Purpose)
@pytest.mark.parametrize("asked", Purpose)
def test_it_opens_nothing_else(made: Purpose, asked: Purpose) -> None:
    reader = make_subscriber()
    token = tokens.make(made, reader.pk, reader.secret)
    assert (tokens.read(asked, token) is not None) == (made is asked)


def test_it_opens_nobody_elses() -> None:
    one, other = make_subscriber(), make_subscriber()
    signature = tokens.make(Purpose.MANAGE, one.pk, one.secret).partition(".")[2]
    name = tokens.make(Purpose.MANAGE, other.pk, other.secret).partition(".")[0]
    assert tokens.read(Purpose.MANAGE, f"{name}.{signature}") is None


def test_what_it_is_about_is_signed_too() -> None:
    reader = make_subscriber()
    name, _dot, signature = tokens.make(Purpose.CONFIRM, reader.pk, reader.secret, 7).partition(".")
    assert tokens.read(Purpose.CONFIRM, f"{name[:-1]}8.{signature}") is None
    assert tokens.read(Purpose.CONFIRM, f"{name.partition('-')[0]}.{signature}") is None


def test_a_new_secret_ends_the_links_of_one_reader() -> None:
    reader, other = make_subscriber(), make_subscriber()
    token = tokens.make(Purpose.LEAVE, reader.pk, reader.secret)
    kept = tokens.make(Purpose.LEAVE, other.pk, other.secret)
    Subscriber.objects.filter(pk=reader.pk).update(secret="another")
    assert tokens.read(Purpose.LEAVE, token) is None
    assert tokens.read(Purpose.LEAVE, kept) is not None


def test_another_key_of_the_site_opens_nothing(settings: pytest.FixtureRequest) -> None:
    reader = make_subscriber()
    token = tokens.make(Purpose.LEAVE, reader.pk, reader.secret)
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]  # pytest-django's settings
    assert tokens.read(Purpose.LEAVE, token) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "1",
        "1.",
        "-.",
        "1-.0",
        "é.0",
        "1.é",
        "zzzzzzzzzzzzz.0",
        "zzzzzzzzzzzzzzzzzzzzzzzzz.0",
        "1" * 5000 + ".0",
        "\x00.\x00",
        "0.00000000000000000000000000000000",
    ],
)
def test_any_other_text_opens_nothing(text: str) -> None:
    make_subscriber()
    for purpose in Purpose:
        assert tokens.read(purpose, text) is None


def test_a_mail_program_that_changes_case_in_the_signature_does_no_harm() -> None:
    reader = make_subscriber()
    name, _dot, signature = tokens.make(Purpose.LEAVE, reader.pk, reader.secret).partition(".")
    assert tokens.read(Purpose.LEAVE, f"{name}.{signature.upper()}") is not None

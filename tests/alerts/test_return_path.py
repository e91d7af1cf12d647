"""Return paths: what is written is read again, and nothing else is."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.alerts import checks
from tracker.alerts.return_path import LARGEST_ID, alert_id_of, return_path

pytestmark = pytest.mark.once
ADDRESS = "bounces@pledges.example"


@pytest.fixture(autouse=True)
def bounce_address(settings: Any) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = ADDRESS


@pytest.mark.parametrize("number", [1, 35, 36, 100_000, LARGEST_ID])
def test_what_is_written_is_read_again(number: int) -> None:
    path = return_path(number)
    assert re.fullmatch(r"bounces\+[0-9a-z]+-[0-9a-f]{16}@pledges\.example", path)
    assert len(path.rpartition("@")[0]) <= 64
    assert alert_id_of(path) == number
    assert return_path(number) == path


def test_every_mail_has_a_path_of_its_own() -> None:
    assert len({return_path(number) for number in range(1, 2001)}) == 2000


@pytest.mark.parametrize("change", [str.upper, str.title, "<{}>".format, " {}\n".format, " <{}> ".format])
def test_what_mail_systems_do_to_an_address_is_undone(change: Any) -> None:
    assert alert_id_of(change(return_path(123_456))) == 123_456


def test_a_configured_address_may_be_written_in_any_case(settings: Any) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = "Bounces@Pledges.Example"
    assert alert_id_of(return_path(7)) == 7
    assert alert_id_of(return_path(7).lower()) == 7


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r".*", ""),
        (r".*", "@"),
        (r".*", "bounces"),
        (r".*", ADDRESS),
        (r"\+.*@", "+@"),
        (r"-.*@", "@"),
        (r"-.*@", "-@"),
        (r"\+1z", "+1y"),
        (r"\+1z", "+01z"),
        (r"\+1z", "+"),
        (r"\+1z", "+٧"),
        (r"\+", "+\n"),
        (r".@", "@"),
        (r".@", "x@"),
        (r"@", "0@"),
        (r"^bounces", "bounce"),
        (r"^bounces", "x.bounces"),
        (r"@pledges", "@other"),
        (r"$", ".example"),
        (r"$", ", desk@ngo.example"),
    ],
)
def test_what_is_forged_or_foreign_is_none_of_ours(old: str, new: str) -> None:
    genuine = return_path(71)
    assert alert_id_of(genuine) == 71
    assert alert_id_of(re.sub(old, new, genuine, count=1)) is None


def test_a_number_that_no_row_can_have_is_none() -> None:
    assert alert_id_of(return_path(LARGEST_ID + 1)) is None


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    assert alert_id_of(text) is None


def test_another_key_makes_another_path(settings: Any) -> None:
    before = return_path(7)
    settings.SECRET_KEY = "another" * 10
    assert return_path(7) != before
    assert alert_id_of(before) is None
    assert alert_id_of(return_path(7)) == 7


@pytest.mark.parametrize(
    ("sender", "plain"),
    [
        ("Pledge tracker <tracker@pledges.example>", "tracker@pledges.example"),
        ("tracker@pledges.example", "tracker@pledges.example"),
    ],
)
def test_without_a_bounce_address_mail_returns_to_its_sender(sender: str, plain: str, settings: Any) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = ""
    settings.TRACKER_MAIL_FROM = sender
    assert return_path(7) == plain
    assert alert_id_of(plain) is None


def test_without_a_bounce_address_no_old_path_is_known(settings: Any) -> None:
    path = return_path(7)
    settings.TRACKER_BOUNCE_ADDRESS = ""
    assert alert_id_of(path) is None
    assert alert_id_of("+7-0000000000000000@") is None


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("", []),
        (ADDRESS, []),
        ("b" * 33 + "@pledges.example", []),
        ("b" * 34 + "@pledges.example", ["alerts.E001"]),
        ("bounces@" + "d" * (254 - 39), []),
        ("bounces@" + "d" * (254 - 38), ["alerts.E001"]),
    ],
)
def test_an_address_too_long_for_its_tag_is_refused(address: str, ids: list[str], settings: Any) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = address
    assert [found.id for found in checks.return_paths(None)] == ids

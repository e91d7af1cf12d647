"""`manage.py resolve_deadline`: what it prints, and what it says of a wrong argument."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from pledges.management.commands.resolve_deadline import KEYS, Command

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, str | None]:
    call_command("resolve_deadline", *arguments, "--json")
    found: dict[str, str | None] = json.loads(capsys.readouterr().out)
    assert tuple(found) == KEYS
    return found


def test_the_founding_case(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["within one month", "--said", "2025-04-04", "--language", "en", "--zone", "Asia/Damascus"]
    assert answer(capsys, *asked) == {
        "earliest": "2025-05-04",
        "latest": "2025-05-04",
        "precision": "day",
        "lapses_at": "2025-05-04T21:00:00+00:00",
        "rule": "within-period",
        "explanation": (
            "said 4 April 2025 + “within one month” (rule within-period, version 1)"
            " = 4 May 2025, end of day in Damascus"
        ),
        "reason": None,
    }


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("soon", "vague"),
        ("before the election", "event_tied"),
        ("by 03/04/2025", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_a_phrase_without_a_date_is_no_error(
    capsys: pytest.CaptureFixture[str], phrase: str, reason: str
) -> None:
    found = answer(capsys, phrase, "--said", "2025-04-04")
    assert found["reason"] == reason
    assert found["explanation"]
    assert [found[key] for key in ("earliest", "latest", "precision", "lapses_at", "rule")] == [None] * 5


def test_lines_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("resolve_deadline", "in 2027", "--said", "2025-04-04")
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert [name for name, _ in lines] == list(KEYS)
    assert dict(lines)["latest"] == "2027-12-31"
    assert dict(lines)["reason"] == "-"


@pytest.mark.parametrize(
    ("said", "zone", "latest"),
    [
        ("2025-04-04", "Asia/Damascus", "2025-04-06"),
        ("2025-04-04T11:00", "Asia/Damascus", "2025-04-05"),
        ("2025-04-04T13:00", "Asia/Damascus", "2025-04-06"),
        ("2025-04-04T22:30:00+00:00", "Asia/Damascus", "2025-04-06"),
        ("2025-04-04T22:30:00+00:00", "UTC", "2025-04-06"),
        ("2025-04-04T20:30:00+00:00", "Pacific/Kiritimati", "2025-04-06"),
    ],
)
def test_the_hour_it_was_said_is_read_in_the_zone(
    capsys: pytest.CaptureFixture[str], said: str, zone: str, latest: str
) -> None:
    assert answer(capsys, "within 36 hours", "--said", said, "--zone", zone)["latest"] == latest


def test_country_label_and_reader(capsys: pytest.CaptureFixture[str]) -> None:
    working = answer(capsys, "within 5 working days", "--said", "2025-04-04", "--country", "SY")
    assert working["latest"] == "2025-04-10"
    labelled = ["three months from its formation", "--anchor-label", "formation of the committee"]
    assert answer(capsys, *labelled, "--said", "2025-07-31")["latest"] == "2025-10-31"
    arabic = answer(capsys, "خلال شهر", "--said", "2025-04-04", "--language", "ar", "--reader", "fr")
    assert (arabic["explanation"] or "").startswith("dit le 4 avril 2025")


WRONG = [
    (["--said", "2025-13-04"], "2025-13-04"),
    (["--said", "yesterday"], "yesterday"),
    (["--said", "2025-04-04", "--zone", "Mars/Base"], "Mars/Base"),
    (["--said", "2025-04-04", "--zone", "../../etc/passwd"], "passwd"),
    (["--said", "2025-04-04", "--country", "XX"], "XX"),
    (["--said", "2025-04-04", "--language", "xx"], "xx"),
    (["--said", "2025-04-04", "--reader", "xx"], "xx"),
    (["--said", "2025-04-04", "--no-such-option"], "--no-such-option"),
    ([], "--said"),
]


@pytest.mark.parametrize(("arguments", "named"), WRONG)
def test_a_wrong_argument_is_named_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], named: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "resolve_deadline", "soon", *arguments])
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert named in printed.err


def test_called_from_code_a_wrong_argument_raises() -> None:
    with pytest.raises(CommandError, match="2025-13-04"):
        call_command("resolve_deadline", "soon", "--said", "2025-13-04")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "manage.py", "resolve_deadline", *arguments]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own


def test_as_a_program() -> None:
    right = run("soon", "--said", "2025-04-04", "--json")
    assert right.returncode == 0
    assert json.loads(right.stdout)["reason"] == "vague"
    wrong = run("soon", "--said", "x")
    assert wrong.returncode == 2
    assert wrong.stderr.count("\n") == 1

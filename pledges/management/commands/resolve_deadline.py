"""`manage.py resolve_deadline PHRASE --said DAY`: what the rules read in a phrase. Writes nothing."""

import json
from datetime import date, datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pledges.deadlines.calendars import country_calendar
from pledges.deadlines.explain import explain
from pledges.deadlines.languages import GRAMMARS, grammar_for
from pledges.deadlines.lapse import lapse_instant
from pledges.deadlines.resolving import resolve
from pledges.deadlines.windows import NoDate
from pledges.deadlines.wording import WORDINGS
from pledges.models.fields import validate_zone

WRONG_ARGUMENT = 2
KEYS = ("earliest", "latest", "precision", "lapses_at", "rule", "explanation", "reason")


class OneLineParser(CommandParser):
    """Says what is wrong in one line, without the list of options."""

    def error(self, message: str) -> NoReturn:
        raise CommandError(message, returncode=WRONG_ARGUMENT)


class Command(BaseCommand):
    help = "Read a deadline phrase: its window, the instant it lapses, and why. Writes nothing."
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        made = super().create_parser(prog_name, subcommand, **kwargs)
        # Django names the class of the parser itself and offers no other way in.
        made.__class__ = OneLineParser
        return made

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except CommandError as error:
            # The parser's errors come before Django's own handling of them.
            self.stderr.write(f"CommandError: {error}")
            raise SystemExit(error.returncode) from error

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("phrase", help="the words, as said: “within one month”")
        parser.add_argument(
            "--said",
            required=True,
            metavar="WHEN",
            help="the day it was said or its event happened, 2025-04-04; for hours also 2025-04-04T18:30",
        )
        parser.add_argument("--anchor-label", default="", metavar="EVENT", help="what happened on that day")
        parser.add_argument("--language", default="en", help=f"of the phrase: {', '.join(sorted(GRAMMARS))}")
        parser.add_argument("--reader", help="language of the explanation; without it, that of the phrase")
        parser.add_argument("--zone", default=settings.TIME_ZONE, help="IANA zone in which days end")
        parser.add_argument("--country", default="", help="ISO 3166 code, for working days and weeks: SY")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            answer = self._answer(**options)
        except ValueError as error:
            raise CommandError(str(error), returncode=WRONG_ARGUMENT) from error
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else _in_lines(answer))

    def _answer(self, **options: Any) -> dict[str, str | None]:
        zone = _zone(options["zone"])
        language = grammar_for(options["language"]).code
        said_on, said_at = _said(options["said"], ZoneInfo(zone))
        found = resolve(
            options["phrase"],
            language=language,
            anchor=said_on,
            calendar=country_calendar(options["country"]),
            said_at=said_at,
            anchor_label=options["anchor_label"],
        )
        sentence = explain(found.explanation, _reader(options["reader"] or language), zone)
        if isinstance(found, NoDate):
            return dict.fromkeys(KEYS) | {"explanation": sentence, "reason": found.reason.value}
        return dict.fromkeys(KEYS) | {
            "earliest": found.earliest.isoformat(),
            "latest": found.latest.isoformat(),
            "precision": found.precision.value,
            "lapses_at": lapse_instant(found.latest, zone).isoformat(),
            "rule": found.rule,
            "explanation": sentence,
        }


def _in_lines(answer: dict[str, str | None]) -> str:
    return "\n".join(f"{name:12} {value or '-'}" for name, value in answer.items())


def _zone(zone: str) -> str:
    try:
        validate_zone(zone)
    except ValidationError as error:
        raise ValueError(f"--zone: {' '.join(error.messages)}") from error
    return zone


def _reader(language: str) -> str:
    if language not in WORDINGS:
        raise ValueError(f"--reader: {language!r} is none of {', '.join(sorted(WORDINGS))}.")
    return language


def _said(text: str, zone: ZoneInfo) -> tuple[date, datetime | None]:
    """Return the local day, and the instant where an hour was given; without an offset it is local."""
    try:
        if len(text) <= len("2025-04-04"):
            return date.fromisoformat(text), None
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"--said: {text!r} is no date. Write 2025-04-04, or 2025-04-04T18:30 with the hour."
        ) from error
    local = moment.replace(tzinfo=zone) if moment.utcoffset() is None else moment.astimezone(zone)
    return local.date(), local

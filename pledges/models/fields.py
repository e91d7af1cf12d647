"""Validators for what the record stores as plain text: zones and countries."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@cache
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def country_codes() -> frozenset[str]:
    territories = map(str, Locale("en").territories)
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha())


def validate_zone(value: str) -> None:
    if value not in zone_names():
        raise ValidationError(
            _("“%(value)s” is no IANA time zone. Write one such as Asia/Damascus."),
            code="zone",
            params={"value": value},
        )


def validate_country(value: str) -> None:
    if value not in country_codes():
        raise ValidationError(
            _("“%(value)s” is no ISO 3166 country code. Write two capital letters such as SY."),
            code="country",
            params={"value": value},
        )

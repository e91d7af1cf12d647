"""Countries and their time zones, for forms."""

from functools import cache
from importlib.resources import files

from babel import Locale
from django.utils.translation import get_language

from pledges.models.fields import country_codes


def country_choices() -> list[tuple[str, str]]:
    """Return (code, name) of every country, by name in the reader's language."""
    names = Locale.parse((get_language() or "en").replace("-", "_")).territories
    pairs = [(code, f"{names.get(code, code)} ({code})") for code in country_codes()]
    return [("", "---------"), *sorted(pairs, key=lambda pair: pair[1])]


@cache
def zones_by_country() -> dict[str, tuple[str, ...]]:
    """Return the time zones of each country code, the most populous first (zone.tab of tzdata)."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    zones: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            zones[country] = (*zones.get(country, ()), zone)
    return zones

"""Where the public pages of the record are, in the language that is in force."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

# A list asks for three addresses a row, and `reverse` is a tenth of its making. Each takes about 300 bytes.
KEPT = 10_000


def address_of(page: str, name: str | int) -> str:
    """Return the path of a public page by the name of its route and by what identifies its subject."""
    return _reversed(page, name, (get_language(), settings.LANGUAGE_CODE, get_script_prefix()))


@lru_cache(maxsize=KEPT)
def _reversed(page: str, name: str | int, _depends_on: tuple[str | None, str, str]) -> str:
    return reverse(f"public:{page}", args=[name])

"""The sentences about a date, one file a reader's language."""

from . import ar, en, es, fr
from .base import Wording

WORDINGS: dict[str, Wording] = {module.WORDING.code: module.WORDING for module in (ar, en, es, fr)}


def wording_for(language: str) -> Wording:
    """Return the wording in a reader's language; English where there is none."""
    return WORDINGS.get(language.replace("_", "-").split("-")[0].lower(), WORDINGS["en"])

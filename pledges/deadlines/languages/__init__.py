"""One file a language. To add one: write its grammar, list it here, and write its table of tests."""

from pledges.deadlines.lexer import Grammar

from . import ar, en, es, fr

GRAMMARS: dict[str, Grammar] = {module.GRAMMAR.code: module.GRAMMAR for module in (ar, en, es, fr)}


class UnknownLanguageError(ValueError):
    """No grammar reads deadlines in this language."""

    def __init__(self, language: str) -> None:
        known = ", ".join(sorted(GRAMMARS))
        super().__init__(
            f"No deadline grammar for the language {language!r}; there are grammars for {known}."
        )


def grammar_for(language: str) -> Grammar:
    """Return the grammar of a language code; "ar-SY" is read as "ar". Raises UnknownLanguageError."""
    code = language.replace("_", "-").split("-")[0].lower()
    if code not in GRAMMARS:
        raise UnknownLanguageError(language)
    return GRAMMARS[code]

"""What two spellings of one word have in common. The index and the reader's words go through the same."""

import re
import unicodedata

TATWEEL = "\u0640"
# Letters that one writer uses for another's, and that Unicode does not take apart.
LETTERS = str.maketrans(
    {
        "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه",
        "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
        TATWEEL: None,
    }
)  # fmt: skip
# "The", with or without "and", "so", "by" or "like" written together with it.
ARTICLE = re.compile(r"\A(?:[وفبك]?ال|لل)(?=\w{3})")
WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Return `text` without case, accents, vowel signs and Arabic letter variants, digits as 0 to 9."""
    taken_apart = unicodedata.normalize("NFKD", text).casefold().translate(LETTERS)
    return "".join(
        str(unicodedata.decimal(sign, sign))
        for sign in taken_apart
        if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )


def words_of(*texts: str) -> list[str]:
    """Return the words of `texts` in their order, folded, Arabic ones without their article."""
    return [ARTICLE.sub("", word) for text in texts for word in WORD.findall(fold(text).replace("_", " "))]

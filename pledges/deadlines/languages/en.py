"""English."""

from pledges.deadlines.expressions import Unit
from pledges.deadlines.lexer import Entry, Grammar, Kind, entries_of, number_entries

from .shared import HIJRI_MONTHS

_ONES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def _numbers() -> dict[str, int]:
    below = {word: value for value, word in enumerate(_ONES, 1)}
    for tens, word in enumerate(_TENS, 2):
        below[word] = tens * 10
        below |= {f"{word} {one}": tens * 10 + value for value, one in enumerate(_ONES[:9], 1)}
    numbers = dict(below)
    for value, word in ((1, "a"), *enumerate(_ONES[:9], 1)):
        numbers[f"{word} hundred"] = value * 100
        numbers |= {f"{word} hundred and {rest}": value * 100 + more for rest, more in below.items()}
        numbers |= {f"{word} hundred {rest}": value * 100 + more for rest, more in below.items()}
    return numbers


_UNITS = (
    Entry(Kind.UNIT, "hour|hr", unit=Unit.HOUR),
    Entry(Kind.UNITS, "hours|hrs|h", unit=Unit.HOUR),
    Entry(Kind.UNIT, "day|calendar day", unit=Unit.DAY),
    Entry(Kind.UNITS, "days|calendar days|consecutive days", unit=Unit.DAY),
    Entry(Kind.UNIT, "week", unit=Unit.WEEK),
    Entry(Kind.UNITS, "weeks", unit=Unit.WEEK),
    Entry(Kind.UNIT, "month|calendar month", unit=Unit.MONTH),
    Entry(Kind.UNITS, "months|calendar months", unit=Unit.MONTH),
    Entry(Kind.UNIT, "quarter", unit=Unit.QUARTER),
    Entry(Kind.UNITS, "quarters", unit=Unit.QUARTER),
    Entry(Kind.UNIT, "half|half year|semester", unit=Unit.HALF_YEAR),
    Entry(Kind.UNIT, "year|calendar year", unit=Unit.YEAR),
    Entry(Kind.UNITS, "years|calendar years", unit=Unit.YEAR),
    Entry(Kind.SPAN, "fortnight|a fortnight", 2, Unit.WEEK),
    Entry(Kind.SPAN, "half a year", 6, Unit.MONTH),
    Entry(Kind.SPAN, "a year and a half|one and a half years", 18, Unit.MONTH),
    Entry(Kind.WORKING, "working|business|work"),
    *(Entry(Kind.NAMED_PERIOD, f"q{index}|quarter {index}", index, Unit.QUARTER) for index in range(1, 5)),
    *(Entry(Kind.NAMED_PERIOD, f"h{index}", index, Unit.HALF_YEAR) for index in (1, 2)),
)

_NAMES = (
    *entries_of(
        Kind.MONTH,
        (
            "january|jan",
            "february|feb",
            "march|mar",
            "april|apr",
            "may",
            "june|jun",
            "july|jul",
            "august|aug",
            "september|sept|sep",
            "october|oct",
            "november|nov",
            "december|dec",
        ),
    ),
    *entries_of(
        Kind.WEEKDAY,
        (
            "monday|mon",
            "tuesday|tue|tues",
            "wednesday|wed",
            "thursday|thu|thurs",
            "friday|fri",
            "saturday|sat",
            "sunday|sun",
        ),
        start=0,
    ),
    *entries_of(
        Kind.ORDINAL,
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    ),
    Entry(Kind.TODAY, "today|tonight|this evening|this afternoon|this morning", 0),
    Entry(Kind.TODAY, "tomorrow", 1),
    Entry(Kind.TODAY, "day after tomorrow|the day after tomorrow", 2),
    Entry(Kind.HIJRI_MARK, "ah|hijri"),
    Entry(Kind.COMMON_ERA_MARK, "ad|ce"),
)

_LIMITS = (
    Entry(Kind.WITHIN, "within|within the|inside|in the course of|over the course of|over the"),
    Entry(Kind.WITHIN, "within the next|in the next|over the next|during the next|within the coming"),
    Entry(Kind.BY, "by|until|till|up to|no later than|not later than|on or before|due|due by|due on"),
    Entry(Kind.BY, "by no later than|no later|not later|not beyond|deadline|deadline of|not after"),
    Entry(Kind.BEFORE, "before|prior to|ahead of|in advance of"),
    Entry(Kind.BEFORE, "no later than before"),
    Entry(Kind.IN, "in|during|on|at|throughout|sometime in|some time in|in the month of|for delivery in"),
    Entry(Kind.AFTER, "after|following|subsequent to"),
    Entry(Kind.WHEN, "when|once|upon|as soon as|pending|whenever|if|subject to"),
    Entry(Kind.OF, "of|from|since|starting|starting from|counting from|as of|as from|beginning"),
    Entry(Kind.LATEST, "at the latest|at latest|at the very latest|latest"),
    Entry(Kind.MOST, "at most|no more than|not more than|maximum|max"),
    Entry(Kind.MOST, "a maximum of|not exceeding|not to exceed|less than|or sooner"),
    Entry(Kind.EXTENSION, "extension|extended by|extended for|prolonged by|prolonged for|prolongation"),
    Entry(Kind.EXTENSION, "non renewable|nonrenewable|extension of|additional|extra|further|more|another"),
    Entry(Kind.NOW, "from now|from today|starting today|as of today|as of now|from now on|from this date"),
    Entry(Kind.NOW, "from the date hereof|hence|time"),
)

_PARTS = (
    Entry(Kind.END, "end|end of|the end|close|close of|conclusion|last day|last day of"),
    Entry(Kind.EARLY, "early|early in|beginning of|the beginning of|start of|the start of|the first days of"),
    Entry(Kind.MID, "mid|middle of|the middle of|midway through|later|later in"),
    Entry(Kind.LATE, "late|late in|latter part of|the last days of|towards the end of|toward the end of"),
    Entry(Kind.NEXT, "next|coming|upcoming"),
    Entry(Kind.THIS, "this|current|the current|present"),
)

_NO_DATE = (
    Entry(Kind.VAGUE, "soon|very soon|shortly|as soon as possible|as soon as we can|as soon as practicable"),
    Entry(Kind.VAGUE, "at the earliest opportunity|at the earliest possible date|asap|in due course|in time"),
    Entry(Kind.VAGUE, "in the near future|near future|in good time|without delay|promptly|imminently"),
    Entry(Kind.VAGUE, "immediately|eventually|one day|someday|urgently|quickly|swiftly|at some point"),
    Entry(Kind.VAGUE, "as quickly as possible|as early as possible|in the foreseeable future|when possible"),
    Entry(Kind.VAGUE, "sometime|sometime soon"),
    Entry(Kind.APPROXIMATE, "about|around|approximately|roughly|circa|nearly|almost|or so|or thereabouts"),
    Entry(Kind.FEW, "few|a few|several|some|a couple of|couple of|a number of|matter of|a matter of"),
    Entry(Kind.SEASON, "spring|summer|autumn|fall|winter|springtime|summertime"),
    Entry(Kind.NOT, "not|no|never|cannot|can't|won't|doesn't|isn't|without|nor|unless"),
    Entry(Kind.FLOOR, "at the earliest|at least|no earlier than|not earlier than|not before|more than|ago"),
    Entry(Kind.FLOOR, "last week|last month|last year|yesterday|no sooner than|or later|or more|over"),
    Entry(Kind.FISCAL, "fiscal|financial year|fy|school year|academic year|tax year|budget year"),
    Entry(Kind.AMBIGUOUS, "within the month|within the year|within the week|within the day|decade|century"),
)

_AROUND = (
    Entry(Kind.ACT, "decree|decision|order|announcement|statement|resolution|declaration|ruling|directive"),
    Entry(
        Kind.ISSUE, "date|date of|the date of|issuance|issue|issuing|signing|signature|adoption|promulgation"
    ),
    Entry(Kind.CLOCK, "morning|evening|afternoon|noon|midnight|night|close of business|cob|end of day"),
    Entry(Kind.CLOCK, "o'clock|local time|gmt|utc"),
    Entry(Kind.SEPARATOR, "or|and|but|i.e.|ie|that is|namely|corresponding to"),
    Entry(Kind.FILLER, "the|a|an|s|inclusive|period of|a period of|term of|time limit of|a time limit of"),
    Entry(Kind.FILLER, "will be published|will be submitted|will be released|will be announced"),
    Entry(Kind.FILLER, "to be published|to be submitted|to be released|to be completed|will be completed"),
    Entry(Kind.FILLER, "must be published|must be submitted|must report|will report|shall report|shall be"),
)

GRAMMAR = Grammar(
    code="en",
    small_words=("its", "their", "his", "her", "this", "that"),
    ordinal_suffixes=("st", "nd", "rd", "th"),
    entries=(
        *number_entries(_numbers()),
        *_UNITS,
        *_NAMES,
        *HIJRI_MONTHS,
        *_LIMITS,
        *_PARTS,
        *_NO_DATE,
        *_AROUND,
    ),
    next_weekday_is_ambiguous=True,
    next_month_is_ambiguous=True,
)

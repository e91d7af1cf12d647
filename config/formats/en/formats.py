"""Days in English as most of the world writes them; "4/8/2025" has two readings."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
TIME_FORMAT = "H:i"
# Monday, as most of the world has it.
FIRST_DAY_OF_WEEK = 1

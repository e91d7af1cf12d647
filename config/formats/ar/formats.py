"""What Django leaves open for Arabic, and the names of months for readers of all its countries."""

from django.utils.translation import gettext_noop as _

# In most countries where it is read, a week begins on Saturday.
FIRST_DAY_OF_WEEK = 6
DATE_FORMAT = "j F Y"
# Of 10 000, as the United Nations write it. A plain space would let its halves change places.
NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = "\u00a0"
# Django's own names would be read as foreign from Damascus to Baghdad. Both names of each month stand in the
# catalogue; listed here, lest they be taken for messages that nobody says any more.
MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)

"""The tables of the public data, in the order in which they are listed."""

from typing import Any

from tracker.public.data.columns import Table

from .deadlines import DEADLINES
from .events import EVENTS
from .pledges import PLEDGES
from .subjects import BODIES, CASES, SOURCES

TABLES: dict[str, Table[Any]] = {
    table.name: table for table in (PLEDGES, DEADLINES, EVENTS, CASES, BODIES, SOURCES)
}

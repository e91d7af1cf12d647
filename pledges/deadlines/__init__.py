"""The rules of deadlines. Pure: no ORM, no clock, no settings.

`resolving.resolve` reads a phrase into a window of days, or says why it names none; `explain.explain` says
how; `lapse.lapse_instant` is when the last day has ended; `timeliness.timeliness` what the clock says of it.
"""

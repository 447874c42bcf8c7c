"""Times for the eye: how long since in glances, the hour where it matters."""

from datetime import datetime, timedelta


def ago(at: datetime, now: datetime) -> str:
    """How long since: `now`, `3 min`, `5 h`, `12 d`."""
    spent = max(now - at, timedelta())
    if spent < timedelta(minutes=1):
        return "now"
    if spent < timedelta(hours=1):
        return f"{spent // timedelta(minutes=1)} min"
    if spent < timedelta(days=2):
        return f"{spent // timedelta(hours=1)} h"
    return f"{spent.days} d"


def hour(at: datetime) -> str:
    """The time of day where the reader is."""
    return f"{at.astimezone():%H:%M}"


def stamp(at: datetime) -> str:
    """Day and time where the reader is."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def at_last(at: datetime, now: datetime) -> str:
    """The time of day, with its day where that is not today."""
    return hour(at) if at.astimezone().date() == now.astimezone().date() else stamp(at)


def lasting(spent: timedelta) -> str:
    """The clock of a call: `03:12`, `1:03:12`."""
    seconds = max(0, int(spent.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"

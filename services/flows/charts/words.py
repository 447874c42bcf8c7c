"""Words of a chart as a flow can hold them."""

import re
import unicodedata

_LONGEST_SLUG = 80


def shown(text: str) -> str:
    """On one line, without what cannot be seen or stored."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def slugged(text: str) -> str:
    """The text as a slug; empty where nothing of it can stand in one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")

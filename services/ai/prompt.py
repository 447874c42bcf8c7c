"""The door to a prompt: text from outside stands in a tagged block, and cannot get out of it."""

import re

_TAGS = re.compile(r"</?\s*[a-z_]{1,30}\s*>?", re.IGNORECASE)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def block(name: str, text: str, most: int = 4000) -> str:
    """`<name>text</name>`, the text without tags and unseen characters, `most` characters long."""
    inert = _TAGS.sub(lambda tag: tag.group().replace("<", "‹").replace(">", "›"), _UNSEEN.sub(" ", text))
    return f"<{name}>\n{inert[:most].strip()}\n</{name}>"

"""Text that leaves the terminal by the clipboard, or where that cannot be relied on, by a file."""

import os
from pathlib import Path

from textual.screen import Screen

_FRAMES = str.maketrans(dict.fromkeys("│╭╮╰╯─▎▊█▁▔▇▆▅▄▃▂", " "))


def shown(screen: Screen[object]) -> str:
    """What the screen shows, without frames."""
    lines = (strip.text.translate(_FRAMES).rstrip() for strip in screen._compositor.render_strips())
    return "\n".join(lines).strip("\n") + "\n"


def kept(text: str, file: Path) -> str:
    """Puts it into a file that only its owner may read, and gives what to tell: no terminal says whether it copied."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(text.encode("utf-8", "replace").decode("utf-8"))
    except OSError as error:
        return f"Copied, if this terminal takes copies; no file could be written ({error.strerror})."
    return f"Copied. Where the terminal takes no copies, it is in {file}."

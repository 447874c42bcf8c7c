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
    """Puts it into a file too, and gives what to tell: no terminal says whether it copied."""
    try:
        _write(text, file)
    except OSError as error:
        return f"Copied, if this terminal takes copies; no file could be written ({error.strerror})."
    return f"Copied. Where the terminal takes no copies, it is in {file}."


def written(text: str, file: Path) -> str:
    """Puts it into a file, and gives what to tell."""
    try:
        _write(text, file)
    except OSError as error:
        return f"{file} could not be written ({error.strerror})."
    return f"It is in {file}."


def _write(text: str, file: Path) -> None:
    """Only its owner may read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text.encode("utf-8", "replace").decode("utf-8"))

"""One markdown, two notes: plain text and HTML, both with the same words and the same reference at the end.

Of markdown only what drafts are made of is known: headings, lists, `**bold**`, code. Everything else is data, word for
word: an underscore in a path is an underscore.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape

from services.psa.model import Note

_FENCE = re.compile(r"\s*(```|~~~)")
_HEADING = re.compile(r"#{1,6}\s+(\S.*)")
_ITEM = re.compile(r"\s*(?:[-*]|(\d{1,3})[.)])\s+(.*)")
_SPAN = re.compile(r"`([^`\n]{1,300})`|\*\*(?=\S)(.{1,300}?)(?<=\S)\*\*")


def reference(session: str, kind: str) -> str:
    """What a note is known by. `kind` is one word."""
    return f"rfl1-{session}-{kind}"


def signed(markdown: str, mark: str) -> str:
    """The markdown with its reference as the last line, as it is posted and as it is shown before."""
    return f"{markdown.rstrip()}\n\nRef {mark}\n"


def unsigned(markdown: str, mark: str) -> str:
    """What was signed, without the line ends behind it."""
    return markdown.removesuffix(f"\n\nRef {mark}\n")


def carries(text: str, mark: str) -> bool:
    """Whether a note has this reference and not one that only begins with it, however its lines came back."""
    return re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", text) is not None


def found(notes: Iterable[Note], mark: str) -> Note | None:
    return next((note for note in notes if carries(note.text, mark)), None)


def plain(markdown: str) -> str:
    lines: list[str] = []
    for kind, said in _lines(markdown):
        if kind == "heading":
            if lines and lines[-1]:
                lines.append("")
            lines.append(f"{_bare(said).rstrip(':')}:")
        else:
            lines.append(said if kind == "code" else _bare(said))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def html(markdown: str) -> str:
    made: list[str] = []
    open_tag = ""

    def turn(tag: str) -> None:
        nonlocal open_tag
        if tag != open_tag:
            made.extend([f"</{open_tag}>"] * bool(open_tag) + [f"<{tag}>"] * bool(tag))
            open_tag = tag

    for kind, said in _lines(markdown):
        if kind == "code":
            turn("pre")
            made.append(escape(said) + "\n")
        elif kind == "heading":
            turn("")
            made.append(f"<h4>{_marked(said)}</h4>")
        elif item := _ITEM.fullmatch(said):
            turn("ol" if item[1] else "ul")
            made.append(f"<li>{_marked(item[2])}</li>")
        elif said.strip():
            made.extend(["<br>"] * (open_tag == "p"))
            turn("p")
            made.append(_marked(said))
        else:
            turn("")
    turn("")
    return "".join(made)


def _lines(markdown: str) -> Iterator[tuple[str, str]]:
    """Each line with what it is: heading, code or text."""
    within = ""
    for line in markdown.replace("\r\n", "\n").split("\n"):
        fence = _FENCE.match(line)
        if fence and within in ("", fence[1]):
            within = "" if within else fence[1]
        elif within:
            yield "code", line
        elif heading := _HEADING.fullmatch(line):
            yield "heading", heading[1].rstrip().rstrip("#").rstrip()
        else:
            yield "text", line.rstrip()


def _bare(line: str) -> str:
    return _SPAN.sub(lambda span: span[1] or span[2], line)


def _marked(line: str) -> str:
    """Escaped first: what looks like markup in the words is words."""
    return _SPAN.sub(lambda s: f"<code>{s[1]}</code>" if s[1] else f"<b>{s[2]}</b>", escape(line.strip(), quote=False))

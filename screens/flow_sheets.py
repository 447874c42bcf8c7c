"""What a person has typed of flows and not stored: a file for each text, one terminal at a time in each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from screens.editor import Sheet
from services.flows.manuscript import Manuscript


@dataclass(frozen=True, slots=True)
class Left:
    mine: int
    """Texts that one can go on with here."""
    elsewhere: str
    """Of one that is open in another terminal: where, in words; empty where none is."""


def left(folder: Path, slug: str) -> Left:
    """What was typed of a flow and is not stored, made from whichever version."""
    mine, elsewhere = 0, ""
    for file in _files(folder, slug):
        sheet = Sheet(file)
        if sheet.take():
            sheet.let_go()
            mine += 1
        else:
            elsewhere = elsewhere or sheet.where
    return Left(mine, elsewhere)


@dataclass(frozen=True, slots=True)
class Begun:
    sheet: Sheet
    """Nobody else has it."""
    manuscript: Manuscript
    """What is typed in where nothing was left."""
    news: str
    """What to say of it; empty where it is all as usual."""


def begin(folder: Path, manuscript: Manuscript) -> Begun:
    """With what was left of this flow, else with a new text; where one is open elsewhere, that is said in it too."""
    elsewhere = ""
    for file in _files(folder, manuscript.slug):
        sheet = Sheet(file)
        if sheet.take():
            return Begun(sheet, manuscript, "You went on with what you had typed before. ")
        elsewhere = elsewhere or sheet.where
    sheet = new(folder, manuscript)
    if not elsewhere:
        return Begun(sheet, manuscript, "")
    says = f"It is open {elsewhere} too: this is a text of its own, and both are kept. "
    return Begun(sheet, replace(manuscript, text=f"# {says.strip()}\n{manuscript.text}"), says)


def new(folder: Path, manuscript: Manuscript) -> Sheet:
    """One that nothing is in yet and nobody has."""
    name = f"{manuscript.slug or _NEW}@{manuscript.number}"
    for number in count(1):
        sheet = Sheet(folder / (f"{name}.yaml" if number == 1 else f"{name}~{number}.yaml"))
        if not sheet.left and sheet.take():
            break
    return sheet


def number(file: Path) -> int:
    """Of the version that it was made from."""
    return int(_number(file))


_NEW = "new flow"


def _files(folder: Path, slug: str) -> Iterator[Path]:
    """Those made from the newest version first."""
    found = [file for file in folder.glob(f"{slug or _NEW}@*.yaml") if _number(file).isdecimal()]
    yield from sorted(found, key=lambda file: (-number(file), file.name))


def _number(file: Path) -> str:
    return file.stem.rpartition("@")[2].partition("~")[0]

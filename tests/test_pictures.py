"""The pictures in the documentation show the screens as they are."""

from pathlib import Path

from tests.pictures import PICTURES, make, words


def readable(folder: Path) -> dict[str, str]:
    return {picture.relative_to(folder).as_posix(): words(picture) for picture in sorted(folder.rglob("*.svg"))}


async def test_the_pictures_say_what_the_screens_say(tmp_path: Path) -> None:
    await make(tmp_path)
    assert readable(PICTURES) == readable(tmp_path), "`make pictures` makes them anew; look at them before you commit"

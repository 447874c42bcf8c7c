"""Text is copied by the terminal where it can, and is in a file where it cannot."""

from rfl1.compose import Services
from services.intake.model import Call, TakeFlow
from tests.services.people import Team
from tests.stage import stage


async def test_what_the_screen_shows_is_copied_and_kept_where_only_its_owner_reads(
    services: Services, team: Team
) -> None:
    await services.intake.take(team.tech, Call(problem="the [red]printer[/] sings"), TakeFlow("printer-offline"))
    async with stage(services, team.tech) as on:
        await on.press("enter", "ctrl+t")
        file = services.settings.folders.data / "copied.txt"
        await on.sees("Copied. Where the terminal takes no copies, it is in")
        assert on.app.clipboard == file.read_text()
    assert "the [red]printer[/] sings" in file.read_text()
    assert "│" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


async def test_what_is_selected_in_a_field_is_copied_too(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n", *"smoke", "ctrl+a", "shift+end", "ctrl+c")
        await on.sees("Copied.")
        assert on.app.clipboard == "smoke"


async def test_where_no_file_can_be_written_that_is_said(services: Services, team: Team) -> None:
    (services.settings.folders.data / "copied.txt").mkdir(parents=True)
    async with stage(services, team.tech) as on:
        await on.press("ctrl+t")
        await on.sees("Copied, if this terminal takes copies; no file could be written")

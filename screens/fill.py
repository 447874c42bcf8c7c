"""The script builder: a field for each parameter, and the script as it will be copied."""

from collections.abc import Awaitable, Callable, Iterable

from textual.app import App
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Label, Static

from screens.actions import bindings
from screens.fields import Choice, Line
from screens.page import Desk, Page
from screens.script import coloured
from screens.text import line, one_line
from services.errors import Invalid
from services.fixes.scripts.filling import filled, mistake
from services.fixes.scripts.model import Parameter, Template
from services.fixes.scripts.places import PLACEHOLDER

_HIDDEN = "•" * 8


class FillScreen(Page[None]):
    CSS_PATH = "fill.tcss"
    BINDINGS = bindings("fill")

    def __init__(
        self, desk: Desk, title: str, template: Template, keep: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """`keep` puts the template into the library, where it is not there yet."""
        super().__init__(desk)
        self._title = title
        self._template = template
        self._keep = keep
        self._fields = {each.name: _field(each) for each in template.parameters}
        self._result = Static(id="result")

    def content(self) -> Iterable[Widget]:
        for parameter in self._template.parameters:
            kind = "" if parameter.type == "text" else f" ({parameter.type})"
            yield Label(line(f"{parameter.label or parameter.name}{kind}"))
            yield self._fields[parameter.name]
        yield VerticalScroll(self._result, id="scroll")

    def on_mount(self) -> None:
        self.title_bar.show(line(f"Script: {self._title}"), self.badge)
        if self._fields:
            self.set_focus(next(iter(self._fields.values())))
        self._tell()

    def on_input_changed(self) -> None:
        self._tell()

    def on_choice_changed(self) -> None:
        self._tell()

    def _values(self) -> dict[str, str]:
        values = {}
        for parameter in self._template.parameters:
            field = self._fields[parameter.name]
            values[parameter.name] = parameter.choices[field.chosen] if isinstance(field, Choice) else field.value
        return values

    def _tell(self) -> None:
        """The result with what fits so far; a secret is not shown."""
        values = self._values()
        shown = dict(values)
        for parameter in self._template.parameters:
            if mistake(parameter, values[parameter.name], self._template.script.language) is not None:
                shown.pop(parameter.name)
            elif parameter.type == "secret":
                shown[parameter.name] = _HIDDEN
        left = [each for each in self._template.parameters if each.name not in shown]
        if left:
            self._result.update(coloured(self._template.script))
            names = ", ".join(each.label or each.name for each in left)
            self.notice.ask(f"Still to be filled in: {one_line(names)}")
        else:
            self._result.update(coloured(filled(self._template, shown)))
            self._tell_of_the_rest()

    def _tell_of_the_rest(self) -> None:
        """A script that nothing is filled into is copied as it stands, whatever it may look like."""
        places = dict.fromkeys(match[0] for match in PLACEHOLDER.finditer(self._template.script.body))
        if self._fields:
            self.notice.clear()
        elif places:
            self.notice.ask(f"Nothing fills in {one_line(', '.join(places))} here: write it over in what you copy.")
        else:
            self.notice.ask("Nothing differs from call to call in it: it is copied as it stands.")

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        return action != "keep" or self._keep is not None

    def action_keep(self) -> None:
        keep, self._keep = self._keep, None
        if keep is not None:
            self.save("scripts", self._kept(keep))

    async def _kept(self, keep: Callable[[], Awaitable[None]]) -> None:
        try:
            await keep()
        except BaseException:
            self._keep = keep
            raise
        self.refresh_bindings()
        self.notice.say("It is a draft among the account's scripts now.")

    def action_copy(self) -> None:
        """A script with a secret in it goes to the clipboard and nowhere else."""
        try:
            script = filled(self._template, self._values())
        except Invalid as wrong:
            self.notice.tell(wrong)
            return
        if any(each.type == "secret" for each in self._template.parameters):
            App.copy_to_clipboard(self.app, script.body)
            self.notice.say("Copied, where this terminal takes copies; kept nowhere, since a secret is in it.")
        else:
            self.app.copy_to_clipboard(script.body)


def _field(parameter: Parameter) -> Line | Choice:
    if parameter.type == "choice":
        chosen = parameter.choices.index(parameter.default) if parameter.default in parameter.choices else 0
        return Choice(*(one_line(each) for each in parameter.choices), chosen=chosen)
    return Line(parameter.default, password=parameter.type == "secret")

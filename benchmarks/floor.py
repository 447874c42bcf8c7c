"""The floor of the app: what Textual itself takes for one field, one table of 50 lines and the keys at the foot."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Input

LINES = 50


class Floor(App[None]):
    BINDINGS = [("ctrl+q", "quit", "Quit")]  # noqa: RUF012  # as Textual declares it

    def compose(self) -> ComposeResult:
        yield Input(placeholder="What does the caller say?")
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        for heading in ("Since", "Problem", "Customer"):
            table.add_column(heading, width=24)
        for number in range(LINES):
            table.add_row(f"{number} min", f"call {number:06}", f"customer {number}")


if __name__ == "__main__":
    Floor().run()

"""The door for text from outside."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from screens.layout import Cell, Lane, Lanes, Row
from screens.text import clean, line, one_line, plain

_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text(st.characters()))
def test_nothing_that_controls_a_terminal_or_turns_a_line_round_gets_through(text: str) -> None:
    cleaned = clean(text)
    left = {sign for sign in cleaned if unicodedata.category(sign) in _UNSEEN or sign in _BIDI}
    assert left <= {"\n"}
    cleaned.encode()


def test_a_control_is_shown_by_a_sign_that_can_be_seen() -> None:
    assert clean("a\x1b[31mb\x00c\x7f") == "a␛[31mb␀c␡"
    assert clean("pay \u202efdp.exe") == "pay ‹202E›fdp.exe"
    assert clean("\x9b31m half \ud800 pair") == "‹009B›31m half ‹D800› pair"


def test_ordinary_text_is_left_as_it_is() -> None:
    for text in (
        "Größe 3 ✓",
        "日本語",
        "👩\u200d🔧 at work",
        "[/] [red]x[/red] [@click=app.quit]x[/]",
        "C:\\temp\\[1]",
    ):
        assert clean(text) == text
        assert plain(text).plain == text


def test_lines_stay_lines_and_one_line_is_one() -> None:
    assert clean("a\r\nb\tc") == "a\nb   c"
    assert one_line("  a\r\n\n b\tc ") == "a b c"
    assert line("a\nb").plain == "a b"


@given(st.text(), st.text(), st.integers(min_value=12, max_value=60))
def test_no_text_makes_a_line_wider_than_its_place(first: str, second: str, width: int) -> None:
    lanes = Lanes([Lane(line(first), plain(second))], label=8)
    assert max(each.cell_length for each in lanes.lines(width)) <= width
    row = Row(Cell(line(first), 5, right=True), Cell(line(second)))
    assert [strip.cell_length for strip in _strips(row, width)] == [width]


def test_a_word_that_is_too_long_is_broken_and_a_cell_cut_with_a_sign() -> None:
    wrapped = Lanes([Lane(Content("SAY"), plain("x" * 30))], label=4).lines(14)
    assert [each.plain for each in wrapped] == ["SAY xxxxxxxxxx", "    xxxxxxxxxx", "    xxxxxxxxxx"]
    assert "".join(strip.text for strip in _strips(Row(Cell(line("y" * 30))), 6)) == "yyyyy…"


@given(
    st.lists(st.tuples(st.text(), st.integers(1, 3)), min_size=1, max_size=5), st.integers(8, 60), st.integers(0, 20)
)
def test_lanes_that_share_their_room_keep_to_it_and_none_goes_without(
    told: list[tuple[str, int]], width: int, room: int
) -> None:
    lanes = [Lane(Content("x"), line(text), weight) for text, weight in told]
    free = Lanes(lanes, label=4).lines(width)
    cut = Lanes(lanes, label=4, room=room).lines(width)
    assert len(cut) == (min(len(free), max(room, len(lanes))) if room else len(free))
    assert [each.plain[0] for each in cut].count("x") >= len(lanes)
    assert max(each.cell_length for each in cut) <= width


def test_a_lane_that_is_cut_tells_its_beginning_and_its_end() -> None:
    lanes = [Lane(Content("A"), line("one two three four five six seven")), Lane(Content("B"), line("eight"))]
    assert [each.plain for each in Lanes(lanes, label=2, room=3).lines(14)] == [
        "A one two",
        "  […] seven",
        "B eight",
    ]
    assert [each.plain for each in Lanes(lanes, label=2, room=2).lines(14)] == ["A one two …", "B eight"]


def _strips(row: Row, width: int):  # type: ignore[no-untyped-def]  # what textual calls it is of no interest here
    from textual.style import Style
    from textual.visual import RenderOptions

    return row.render_strips(width, 1, Style(), RenderOptions(Style.parse, {}))  # type: ignore[arg-type]


def test_a_lane_that_is_cut_keeps_whole_sentences_where_they_fit() -> None:
    told = "It hums. " + "She told much of it, and more. " * 20 + "Is it the fuse? › No. Look at it."
    cut = Lanes([Lane(Content(""), line(told))], label=0, room=3).lines(30)
    assert " ".join(each.plain.strip() for each in cut).startswith("It hums. ")
    assert " ".join(each.plain.strip() for each in cut).endswith("[…] Is it the fuse? › No. Look at it.")

"""One markdown, two notes; and what the other side says, in one line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.psa import notes
from services.psa.reading import moment, words
from services.psa.said import LONGEST_LINE, first_line

MARKDOWN = """## Problem
Outlook asks for **the password** in `C:\\my_files`
every <two> minutes & more

## What we tried
- cleared **two** entries
- restarted

1. first
2. second

```
net use * /delete
```
"""


def test_plain_text_reads_well() -> None:
    assert notes.plain(MARKDOWN) == (
        "Problem:\nOutlook asks for the password in C:\\my_files\nevery <two> minutes & more\n\n"
        "What we tried:\n- cleared two entries\n- restarted\n\n1. first\n2. second\n\nnet use * /delete"
    )


def test_html_has_the_same_words_and_no_markup_of_others() -> None:
    assert notes.html(MARKDOWN) == (
        "<h4>Problem</h4><p>Outlook asks for <b>the password</b> in <code>C:\\my_files</code><br>"
        "every &lt;two&gt; minutes &amp; more</p><h4>What we tried</h4><ul><li>cleared <b>two</b> entries</li>"
        "<li>restarted</li></ul><ol><li>first</li><li>second</li></ol><pre>net use * /delete\n</pre>"
    )


@given(st.text(max_size=300))
def test_the_reference_survives_whatever_stands_before_it(said: str) -> None:
    signed = notes.signed(said, "rfl1-1-resolve")
    assert notes.carries(notes.plain(signed), "rfl1-1-resolve")
    assert notes.carries(words(notes.html(signed)), "rfl1-1-resolve")


@given(st.text(max_size=300))
def test_nothing_in_the_words_becomes_markup(said: str) -> None:
    ours = {"h4", "p", "br", "b", "code", "ul", "ol", "li", "pre"}
    opened = notes.html(said).split("<")[1:]
    assert {each.partition(">")[0].strip("/") for each in opened} <= ours


def test_a_reference_is_not_another_that_begins_with_it() -> None:
    assert not notes.carries("Ref rfl1-1-resolve-2", "rfl1-1-resolve")
    assert notes.carries("text Ref rfl1-1-resolve.", "rfl1-1-resolve")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ({"code": "x", "message": "ticket object is invalid", "errors": [{"message": "No status 17"}]},
         "ticket object is invalid: No status 17"),
        ({"ClassName": "E", "Message": "No access"}, "No access"),
        ({"error": "invalid_client"}, "invalid_client"),
        ({"resultCode": 4, "errorMessage": "Wrong"}, "Wrong"),
        ({"errors": ["Picklist value [3]\nis unknown"]}, "Picklist value [3] is unknown"),
        (b"<html><head><title>502 Bad &amp; Gateway</title></head></html>", "502 Bad & Gateway"),
        (b"<html><style>b{}</style><body>\n<p>Sorry</p>", "Sorry"),
        (b"\n\nCannot route. Codebase is invalid\r\nmore", "Cannot route. Codebase is invalid"),
        (b"", ""), (b"null", ""), (b"{}", ""),
    ],
)  # fmt: skip
def test_the_first_line_of_an_error(body: object, line: str) -> None:
    assert first_line(body if isinstance(body, bytes) else json.dumps(body).encode()) == line


@given(st.binary(max_size=400))
def test_whatever_comes_is_one_printable_line(body: bytes) -> None:
    line = first_line(body)
    assert line.isprintable()
    assert len(line) <= LONGEST_LINE


def test_times_of_all_kinds() -> None:
    same = {moment(each) for each in ("2026-11-01T08:00:00Z", "2026-11-01T08:00:00.0000000", "2026-11-01T09:00+01:00")}
    assert len(same) == 1
    for never in ("soon", None, "0001-01-01T00:00:00", "1900-01-01T00:00:00+14:00", "9999-99-99"):
        assert moment(never) is None

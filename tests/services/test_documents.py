"""Files that people wrote, and files that somebody made to break the reader."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.documents.document import MAX_MISTAKES, Data, Document, refusal
from services.documents.parsing import parse
from services.documents.pieces import MAX_DEPTH, MAX_VALUES, from_json, from_yaml
from services.documents.reading import MAX_BYTES, read, read_all
from services.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Part:
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    label: str
    size: Literal["small", "large"] = "small"


@dataclass(frozen=True, kw_only=True)
class Thing:
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    label: str
    count: int = 0
    wait: float = 0
    ready: bool = False
    parts: tuple[Part, ...] = ()
    note: str | None = None


THING = TypeAdapter(Thing)


def mistakes(document: Document) -> str:
    """The refusal of a document, without the file's name."""
    with pytest.raises(Invalid) as refused:
        parse(document, THING)
    return refused.value.detail


def only(path: Path, written: bytes) -> Document:
    path.write_bytes(written)
    (document,) = read(path)
    return document


@pytest.mark.parametrize(
    "text", ["Yes", "No", "on", "off", "true", "1", "1.10", "0755", "0x1F", "1e3", "2026-01-31", "12:30", "=", "<<"]
)
def test_a_text_is_what_was_written_even_where_yaml_knows_another_type(text: str) -> None:
    assert parse(from_yaml(f"label: {text}", "f"), THING).label == text


def test_the_field_decides_what_is_a_number_and_what_is_true() -> None:
    expected = Thing(label="7", count=7, wait=0.5, ready=True)
    assert parse(from_yaml("{label: 7, count: 7, wait: 0.5, ready: true}", "f"), THING) == expected
    assert parse(from_json('{"label": 7, "count": 7, "wait": 0.5, "ready": true}', "f"), THING) == expected


@pytest.mark.parametrize("null", ["", "~", "null"])
def test_null_is_nothing_and_quoted_null_is_a_word(null: str) -> None:
    assert parse(from_yaml(f"label: x\nnote: {null}", "f"), THING).note is None
    assert parse(from_yaml(f'label: x\nnote: "{null}"', "f"), THING).note == null
    assert from_json('{"note": "null", "label": null}', "f").data == {"note": "null", "label": None}


def test_every_mistake_is_told_at_once_with_file_line_place_and_mend() -> None:
    text = "label:\ncount: many\ncolour: red\nparts:\n  - {lable: a}\n  - {label: b, size: huge}\n  - c\n"
    assert mistakes(from_yaml(text, "box.yaml")).split("\n") == [
        "box.yaml:1: nothing stands here (label); write a text",
        'box.yaml:2: "many" does not fit here (count); write a whole number',
        'box.yaml:3: there is no field "colour" (colour); '
        "take it out; there are label, count, wait, ready, parts, note",
        'box.yaml:5: "label" is missing (parts[0].label); add it',
        'box.yaml:5: there is no field "lable" (parts[0].lable); did you mean "label"?',
        'box.yaml:6: "huge" does not fit here (parts[1].size); write "small" or "large"',
        'box.yaml:7: "c" does not fit here (parts[2]); write fields with a colon: {name: value}',
    ]


def test_json_tells_the_lines_that_yaml_tells() -> None:
    data = {"label": None, "count": "many", "parts": [{"lable": "a"}, {"label": "b", "size": "huge"}]}
    told = [line.split(":")[1] for line in mistakes(from_json(json.dumps(data, indent=1), "f")).split("\n")]
    assert told == ["2", "3", "5", "6", "10"]


def test_mistakes_past_the_fiftieth_are_not_told() -> None:
    told = mistakes(from_yaml("label: x\nparts:\n" + "- a\n" * 60, "f")).split("\n")
    assert len(told) == 51
    assert told[-1] == "... and more; mend these first"


def test_mistakes_past_the_fiftieth_are_not_worded() -> None:
    lines = (str(number) for number in range(1000))
    refusal(lines)
    assert next(lines) == str(MAX_MISTAKES + 1)


def test_words_of_a_file_cannot_command_the_terminal() -> None:
    told = mistakes(from_yaml('"\\e[2J": 1\nlabel: x', "evil\x1b[31m.yaml"))
    assert "\x1b" not in told
    assert told.startswith("evil\\x1b[31m.yaml:1: ")


@pytest.mark.parametrize("reader", [from_yaml, from_json])
def test_a_key_that_stands_twice_is_refused(reader: Callable[[str, str], Document]) -> None:
    document = reader('{"label": "a",\n"x": {},\n"label": "b"}', "f")
    assert mistakes(document) == 'f:3: "label" stands here a second time, first on line 1; keep one of them'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: &x [1]\nb: *x", 2, "anchors and aliases"),
        ("a: 1\nb: !!python/object:os.system {}", 2, "tags"),
        ("%YAML 1.1\n%TAG !e! tag:example.com\n---\na: 1", 2, "tags"),
        ("a: 1\n---\nb: 1", 2, "second document"),
        ("? [a]\n: 1", 1, "a key has to be a plain text"),
        ("a: 1\n\tb: 2", 2, ""),
        ("a: 1\nb: @x", 2, "a value cannot begin like this"),
        ("a: 1\nb: it: is", 2, "a colon too many"),
        ("a: [1,2\nb: 3", 2, "is not closed"),
        ('a: "open', 1, "never closed"),
        ("a: 1\nb: '\x07'", 2, "U+0007"),
        ('a: "\\0"', 1, "U+0000 cannot be stored"),
        ("", 1, "empty"),
        ("# nothing but a remark", 1, "empty"),
        ("~", 1, "empty"),
    ],
)
def test_yaml_that_cannot_be_used_says_where_and_what(text: str, line: int, said: str) -> None:
    assert any(each.startswith(f"f:{line}: ") and said in each for each in mistakes(from_yaml(text, "f")).split("\n"))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"a": 1,\nb: 2}', 2, "key in double quotes"),
        ('{"a": 1, }', 1, "a comma too many"),
        ('{"a": 1\n"b": 2}', 2, "comma"),
        ('{"a"\n1}', 2, "colon"),
        ('{"a": NaN}', 1, "NaN"),
        ('{"a":\n"\\ud800"}', 2, "U+D800 cannot be stored"),
        ('{"a": "x\ny"}', 1, "line break"),
        ("{}\n{}", 2, "one document a file"),
        ("", 1, ""),
    ],
)
def test_json_that_cannot_be_used_says_where_and_what(text: str, line: int, said: str) -> None:
    assert any(each.startswith(f"f:{line}: ") and said in each for each in mistakes(from_json(text, "f")).split("\n"))


@pytest.mark.parametrize("opened", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 200_000])
def test_deep_nesting_is_refused_and_never_runs_out_of_stack(opened: str, depth: int) -> None:
    closed = "]" if opened == "[" else "}"
    text = opened * depth + "1" + closed * depth
    assert "levels deep" in mistakes(from_json(text, "f"))
    assert "levels deep" in mistakes(from_yaml(text.replace(":", ": "), "f"))


def test_a_small_file_with_a_million_values_is_refused() -> None:
    assert "values in one document" in mistakes(from_json("[" + "1," * MAX_VALUES + "1]", "f"))


def test_a_number_of_any_length_is_only_text() -> None:
    assert from_json('{"a": ' + "9" * 10_000 + "}", "f").data == {"a": "9" * 10_000}


def test_a_file_past_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    for name in ("big.yaml", "big.json", "big.jsonl"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(100 * MAX_BYTES)  # a hole: reading all of it would take the memory
        (document,) = read(tmp_path / name)
        assert "longer than 8 MiB" in mistakes(document)


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        (b"", 1, "empty"),
        ("label: ü".encode("utf-16"), 1, "UTF-16"),
        ("label: ü".encode("utf-16-be"), 1, "NUL"),
        (b"a: 1\nlabel: \xff\xfe", 2, "not UTF-8"),
        (b"\x7fELF\x02\x01\n\x00\x00", 2, "no text"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, written: bytes, line: int, said: str) -> None:
    document = only(tmp_path / "f.yaml", written)
    assert mistakes(document).startswith(f"{tmp_path / 'f.yaml'}:{line}: ")
    assert said in mistakes(document)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    document = only(tmp_path / "f.yaml", b"\xef\xbb\xbflabel: a\r\ncount: 2\r\n")
    assert parse(document, THING) == Thing(label="a", count=2)
    assert document.line_of(("count",)) == 2


def test_what_is_not_a_plain_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "words.txt").touch()
    (tmp_path / "device.jsonl").symlink_to("/dev/zero")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    for name, said in {
        "pipe.yaml": "not a plain file",
        "device.jsonl": "not a plain file",
        "loop.yaml": "cannot be read",
        "missing.yaml": "no such file",
        "nul\0.yaml": "no such file",
        "notes.txt": "no such file",
        "x" * 300 + ".yaml": "name too long",
        "words.txt": "has to end in",
    }.items():
        (document,) = read_all(tmp_path / name, "thing")
        assert said.casefold() in mistakes(document).casefold()


def test_what_lies_in_a_folder_is_not_followed_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "a" / "b.yaml").mkdir(parents=True)
    (tmp_path / "a" / "b.yaml" / "c.json").write_text("1")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "a" / "pipe.json")
    found = list(read_all(tmp_path, "thing"))
    assert [Path(each.source).name for each in found] == ["c.json", "pipe.json"]
    assert [bool(each.mistakes) for each in found] == [False, True]


def test_json_lines_are_documents_of_their_own_each_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text('{"label": "a"}\n\n{"label": }\n{"label": "b"}\n')
    first, broken, last = read(path)
    assert parse(first, THING).label == "a"
    assert mistakes(broken).startswith(f"{path}:3: ")
    assert parse(last, THING).label == "b"
    assert last.line_of(("label",)) == 4


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
_DATA: st.SearchStrategy[Data] = st.recursive(
    st.none() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(_DATA.filter(lambda data: data is not None))
def test_json_and_yaml_give_the_same_data(data: Data) -> None:
    written = json.dumps(data, ensure_ascii=True, indent=1)
    assert from_json(written, "f").data == data
    if "\\u" not in written and "\x7f" not in written:  # JSON's escapes of surrogate pairs are none in YAML
        assert from_yaml(written, "f").data == data


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for document in (from_yaml(text, "f"), from_json(text, "f")):
        assert all(each.line >= 1 for each in document.mistakes)
        with pytest.raises(Invalid):
            parse(document, TypeAdapter(Part))

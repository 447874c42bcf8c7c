"""What is said about a file that cannot be read: what is wrong, and how to mend it."""

UNKNOWN_SUFFIX = "not a kind of file that is read here; it has to end in .yaml, .yml, .json or .jsonl"
NOT_A_FILE = "this is not a plain file; give the path of a file"
EMPTY = "the file is empty; write something into it or leave it out"
UTF16 = "the file is written in UTF-16; save it as UTF-8"
BINARY = "the file has a NUL byte in it, so it is no text; give a text file in UTF-8"
NOT_UTF8 = "the text is not UTF-8; save the file as UTF-8"
SEVERAL_DOCUMENTS = "a second document begins here (---); put each into a file of its own, or use JSON Lines"
ALIAS = "anchors and aliases (& and *) are not read here; write the value out, or put the text into quotes"
TAG = "tags (!) are not read here; leave the tag out, or put the text into quotes"
KEY_NOT_TEXT = "a key has to be a plain text; a list or a mapping cannot be one"
NO_NUMBER = "NaN and Infinity are no JSON; write a number, or a text in quotes"
GIVEN_UP = "there are more mistakes than can be told; mend these first"


def empty_folder(what: str) -> str:
    return f"no {what} in this folder; give it a .yaml, .yml, .json or .jsonl file"


def not_opened(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file or folder; check the path"
        case PermissionError():
            return "this may not be read; ask its owner for permission"
        case _:
            return f"the file cannot be read ({error.strerror or 'unknown reason'}); check the path and the disk"


def too_long(limit: int) -> str:
    return f"longer than {limit // (1024 * 1024)} MiB; split it up (JSON Lines may have any number of lines)"


def too_deep(limit: int) -> str:
    return f"nested more than {limit} levels deep; nothing that is read here needs that"


def too_many(limit: int) -> str:
    return f"more than {limit} values in one document; split it up"


def twice(key: str, first_line: int) -> str:
    return f"{key} stands here a second time, first on line {first_line}; keep one of them"


def not_storable(code: int) -> str:
    return f"the character U+{code:04X} cannot be stored; leave it out"


def control_character(code: int) -> str:
    return f"the control character U+{code:04X} cannot stand in YAML; remove it"


_YAML = (
    ("mapping values are not allowed", "a colon too many, or a wrong indent; put a text with a colon into quotes"),
    ("cannot start any token", "a value cannot begin like this; indent with spaces, not tabs, and put texts that begin "
     "with @, ` or % into quotes"),
    ("unexpected end of stream", "a quote that was opened is never closed; close it"),
    ("expected ',' or", "a [ or { is not closed, or a comma is missing; close it"),
    ("expected key", "this does not fit to what stands above it; check the indent, the quotes and the brackets"),
    ("expected '-'", "this does not fit to the list above it; check the indent"),
    ("expected ':'", "a key without a colon; write `key: value`"),
    ("sequence entries are not allowed", "a list cannot begin on the line of its key; begin it on the next line"),
    ("escape", "no such escape after the backslash; double the backslash, or use single quotes"),
    ("alphabetic or numeric", "a value cannot begin with & or *; put the text into quotes"),
)  # fmt: skip


def not_yaml(problem: str) -> str:
    """`problem` is the reader's own word for it, which few people can use."""
    for known, says in _YAML:
        if known in problem:
            return says
    return f"this is not YAML ({problem[:100]}); check the indent and the quotes"


_JSON = (
    ("Expecting ',' delimiter", "a comma or a closing bracket is missing here"),
    ("Expecting ':' delimiter", "a colon is missing behind the key"),
    ("Expecting property name", "a key in double quotes belongs here; there may be a comma too many"),
    ("Illegal trailing comma", "there is a comma too many before the closing bracket"),
    ("Expecting value", "a value is missing here; texts stand in double quotes"),
    ("Unterminated string", "a quote that was opened is never closed; close it"),
    ("Invalid control character", "a text cannot hold a line break or a control character; write \\n for a line break"),
    ("escape", "no such escape after the backslash; double the backslash"),
    ("Extra data", "something stands behind the end of the document; one document a file, or a line in JSON Lines"),
)


def not_json(problem: str) -> str:
    for known, says in _JSON:
        if known in problem:
            return says
    return f"this is not JSON ({problem[:100]})"

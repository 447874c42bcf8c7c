"""Flow files: read with every mistake told, written for people, described as a JSON Schema."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, get_args

import yaml
from pydantic import Field, TypeAdapter

from services.documents.document import MAX_MISTAKES, Document, refusal
from services.documents.parsing import parse
from services.documents.reading import read_all
from services.errors import Invalid, Unopened
from services.flows.nodes import Flow, Json, Node, Shown, flow_to_json


@dataclass(frozen=True, slots=True)
class FlowFile:
    """A flow and where it was written."""

    flow: Flow
    document: Document

    @property
    def source(self) -> str:
        return self.document.source

    def line_of(self, node: str | None) -> int:
        """Where the node stands; None asks for the flow itself."""
        return self.document.line_of(() if node is None else ("nodes", node))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content(Flow):
    """What a flow file holds: the same flow, with `type` telling which node is meant."""

    nodes: Mapping[str, Annotated[Node, Field(discriminator="type")]]


_CONTENT = TypeAdapter(_Content)
_STR, _MAP, _SEQ = "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"


def read_flows(paths: Iterable[str | Path]) -> tuple[FlowFile, ...]:
    """The flows of files and folders; raises Invalid with the mistakes in all of them, as many as are told."""
    flows: list[FlowFile] = []
    mistakes: list[str] = []
    unopened = False
    for document in (each for path in paths for each in read_all(path, "flow file")):
        try:
            flows.append(FlowFile(flow_of(document), document))
        except Invalid as wrong:
            mistakes += wrong.detail.split("\n")
            unopened |= isinstance(wrong, Unopened)
        if len(mistakes) > MAX_MISTAKES:
            break  # a long file with a mistake in every line is not read to its end
    if mistakes:
        raise refusal(mistakes, unopened=unopened)
    return tuple(flows)


def flow_of(document: Document) -> Flow:
    """The flow a document holds; raises Invalid. Whether the flow makes sense is for `lint` to say."""
    content = parse(document, _CONTENT)
    return Flow(**{each.name: getattr(content, each.name) for each in fields(Flow)})


def json_schema() -> dict[str, Json]:
    """The JSON Schema of a flow file, for editors and other programs."""
    schema = _CONTENT.json_schema()
    for each in get_args(Node):
        node = schema["$defs"][each.__name__]
        node["required"] = ["type", *node["required"]]
        node["properties"] |= _described(Shown)
    schema["properties"] |= _described(Flow, but="nodes")
    schema["$defs"]["Question"]["properties"]["answers"] |= {"minItems": 2, "maxItems": 9}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Flow file"}


def _described(base: type, but: str = "") -> dict[str, Json]:
    """The fields that others inherit; pydantic finds their descriptions only in the class that declares them."""
    fields_of_base: dict[str, Json] = TypeAdapter(base).json_schema()["properties"]
    return {name: each for name, each in fields_of_base.items() if name != but}


def flow_to_yaml(flow: Flow) -> str:
    """The flow as a person would write it; `read_flows` gives the same flow back."""
    written = flow_to_json(flow)
    if "keywords" in written:
        written["keywords"] = _InlineList(written["keywords"])
    for node in written["nodes"].values():
        if "answers" in node:
            node["answers"] = [_Inline(each) for each in node["answers"]]
    text: str = yaml.dump(written, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text


class _Dumper(yaml.SafeDumper):
    """Block style, indented lists, and quotes round whatever another reader of YAML might not take for text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:  # the same text twice is no reference
        return True


class _Inline(dict[str, Json]):
    """A mapping on one line."""


class _InlineList(list[str]):
    """A list on one line."""


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    lines = text.split("\n")
    if not all(line.isprintable() for line in lines):
        return dumper.represent_scalar(_STR, text, style='"')  # only these quotes have escapes
    return dumper.represent_scalar(_STR, text, style="|" if len(lines) > 1 else None)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Inline, lambda dumper, each: dumper.represent_mapping(_MAP, each, flow_style=True))
_Dumper.add_representer(_InlineList, lambda dumper, each: dumper.represent_sequence(_SEQ, each, flow_style=True))

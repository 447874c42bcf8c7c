"""A flow as a picture: well-formed, whole, the same every time, and inert whatever the flow says."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

import services.flows.starter
from services.flows.drawing import svg
from services.flows.format import read_flows
from services.flows.nodes import Flow, flow_from_json
from tests.services.making import flow

STARTER = [each.flow for each in read_flows([Path(next(iter(services.flows.starter.__path__)))])]
_SVG = "{http://www.w3.org/2000/svg}"


def words(drawn: str) -> str:
    return " ".join(" ".join(ET.fromstring(drawn).itertext()).split())  # noqa: S314


def boxes(drawn: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of each."""
    found = [each for each in ET.fromstring(drawn).iter(f"{_SVG}rect") if "stroke" in each.attrib]  # noqa: S314
    placed = [[float(each.attrib[name]) for name in ("x", "y", "width", "height")] for each in found]
    return [(x, y, x + width, y + height) for x, y, width, height in placed]


@pytest.mark.parametrize("each", STARTER, ids=lambda each: each.slug)
def test_every_starter_flow_is_drawn_whole_with_no_box_on_another(each: Flow) -> None:
    drawn = svg(each)
    assert drawn == svg(each)
    said = words(drawn)
    for node in each.nodes.values():
        assert " ".join(node.text.split()) in said
    placed = boxes(drawn)
    assert len(placed) == len(each.nodes)
    view = [float(number) for number in ET.fromstring(drawn).attrib["viewBox"].split()]  # noqa: S314
    for number, (left, top, right, bottom) in enumerate(placed):
        assert left >= 0
        assert right <= view[2]
        assert bottom <= view[3]
        for other_left, other_top, other_right, other_bottom in placed[:number]:
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart


def test_answers_that_lead_to_one_step_stand_at_one_line() -> None:
    drawn = svg(flow())
    assert drawn.count('class="way"') == 3
    assert "Yes" in words(drawn)


def test_a_flow_that_goes_back_is_drawn_with_a_broken_line() -> None:
    written = {"slug": "again", "title": "Again", "category": "other", "start": "try"}
    answers = [{"label": "No", "next": "try"}, {"label": "Yes", "next": "end"}]
    nodes = {
        "try": {"type": "question", "text": "Does it work?", "answers": answers},
        "end": {"type": "outcome", "result": "resolved", "text": "Good."},
    }
    drawn = svg(flow_from_json({**written, "nodes": nodes}))
    assert "stroke-dasharray" in drawn
    assert "No" in words(drawn)


def test_hostile_words_are_words() -> None:
    text = "<script>alert(1)</script> & \"quoted\" 'x' ]]> \x00 \x1b[31m \u202e \ud800 " + "x" * 400
    hostile = flow(ask=text)
    drawn = svg(replace(hostile, title=text))
    assert [each.tag for each in ET.fromstring(drawn).iter() if "script" in each.tag] == []  # noqa: S314
    assert "<script>alert(1)</script>" in words(drawn)
    drawn.encode()

"""Flows as pictures."""

import re

from hypothesis import given
from hypothesis import strategies as st

from services.flows.graph import mermaid
from services.flows.nodes import Answer, Flow, Input, Instruction, Link, Outcome, Question, Verify

FLOW = Flow(
    slug="x",
    title="X",
    category="x",
    start="end",
    nodes={
        "end": Question(
            text="Which?",
            answers=(Answer(label="Yes", next="subgraph"), Answer(label="No", next="who")),
            unsure="code",
        ),
        "subgraph": Instruction(text="Do it", next="code", risk="confirm"),
        "code": Input(text="Read the code", name="error code", next="far"),
        "who": Verify(text="Who calls?", next="far", failed="up"),
        "far": Link(text="Walk on", flow="other-flow", next="done"),
        "done": Outcome(text="Solved", result="resolved"),
        "up": Outcome(text="Pass on", result="escalate"),
    },
)


def test_every_type_has_its_shape_and_every_way_its_arrow() -> None:
    drawn = mermaid(FLOW).splitlines()
    assert drawn[:18] == [
        "flowchart TD",
        '  n0{{"Which?"}}:::question',
        '  n1["Do it"]:::confirm',
        '  n2[/"Read the code<br/>error code"/]:::act',
        '  n3{"Who calls?"}:::gate',
        '  n4[["Walk on<br/>other-flow"]]:::act',
        '  n5(["Solved"]):::resolved',
        '  n6(["Pass on"]):::escalate',
        '  n0 -->|"Yes"| n1',
        '  n0 -->|"No"| n3',
        '  n0 -->|"Can\'t tell"| n2',
        "  n1 --> n2",
        "  n2 --> n4",
        '  n3 -->|"Proved"| n4',
        '  n3 -->|"Not proved"| n6',
        "  n4 --> n5",
        "  classDef question fill:#eef4ff,stroke:#3b6fb6,color:#10243e",
        "  classDef act fill:#f5f5f0,stroke:#77776a,color:#222222",
    ]


def test_signs_that_mean_something_are_drawn_as_signs() -> None:
    text = 'Say "[end]" <script> & #35; 100%\n%%{init: {}}%% `x`'
    drawn = mermaid(
        Flow(slug="x", title="X", category="x", start="a", nodes={"a": Outcome(text=text, result="resolved")})
    )
    label = drawn.splitlines()[1]
    assert "#34;#91;end#93;#34; #60;script#62; #38; #35;35#59;" in label
    assert "<br/>#37;#37;#123;init: #123;#125;#125;#37;#37; #96;x#96;" in label


@given(st.text(), st.text(), st.text(min_size=1))
def test_no_text_gets_out_of_its_label(key: str, text: str, label: str) -> None:
    ways = (Answer(label=label, next=key), Answer(label="No", next=key))
    drawn = mermaid(Flow(slug="x", title="X", category="x", start=key, nodes={key: Question(text=text, answers=ways)}))
    plain = r"""(?:<br/>|#\d+;|[^"#%&()\\;<>\[\]`{|}^~\n\r\x1b])*"""
    assert re.fullmatch(
        rf'flowchart TD\n  n0\{{\{{"{plain}"\}}\}}:::question\n(?:  n0 -->\|"{plain}"\| n0\n){{2}}(?:  classDef .*\n)*',
        drawn,
    )

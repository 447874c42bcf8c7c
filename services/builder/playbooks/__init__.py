"""What is walked when no flow fits and no model answers: one playbook for each category that may be built.

Questions, instructions and outcomes only; nothing that changes more than a restart does.
"""

from functools import cache
from importlib import resources

from services.categories import BUILDABLE
from services.flows.nodes import Flow


@cache
def playbook(category: str) -> Flow:
    """The playbook of one of the buildable categories; KeyError for any other."""
    if category not in BUILDABLE:
        raise KeyError(category)
    # Readers of YAML load slowly, and most days nobody needs a playbook.
    from services.documents.pieces import from_yaml
    from services.flows.format import flow_of

    name = f"{category}.yaml"
    return flow_of(from_yaml((resources.files(__name__) / name).read_text(encoding="utf-8"), name))

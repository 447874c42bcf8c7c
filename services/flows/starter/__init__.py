"""The flows that come with the program, one file each beside this one."""

from functools import cache
from importlib import resources

from services.documents.pieces import from_yaml
from services.flows.format import flow_of
from services.flows.nodes import Flow


@cache
def starter_flows() -> tuple[Flow, ...]:
    """In the order of their file names; from a wheel as from a checkout."""
    files = sorted(resources.files(__name__).iterdir(), key=lambda each: each.name)
    return tuple(
        flow_of(from_yaml(each.read_text(encoding="utf-8"), each.name)) for each in files if each.name.endswith(".yaml")
    )

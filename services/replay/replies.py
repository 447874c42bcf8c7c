"""From the words of a script to the reply that the walk takes."""

from services.errors import Refused
from services.flows.nodes import Instruction, Link, Question
from services.flows.visible import folded
from services.replay.script import StepForm, VerifyForm
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, Pending, RedFlag, Reply, Verified


def reply(step: StepForm, pending: Pending | None) -> Reply:
    """Raises Refused where the script names an answer that is not on the screen."""
    match step:
        case StepForm(answer=str(label)):
            return Choose(_index(label, pending))
        case StepForm(unsure=True):
            return CannotTell()
        case StepForm(input=str(value)):
            return Enter(value)
        case StepForm(verify=VerifyForm(red_flag=str(text))):
            return RedFlag(text)
        case StepForm(verify=VerifyForm(method=str(method), evidence=evidence)):
            return Verified(method, evidence)
        case _:
            return Acknowledge()


def first_reply(pending: Pending | None) -> Reply | None:
    """What somebody presses who wants to get on: the first answer, or done. None where that is not enough."""
    match pending:
        case Pending(node=Question()):
            return Choose(0)
        case Pending(node=Instruction() | Link()):
            return Acknowledge()
        case _:
            return None


def _index(label: str, pending: Pending | None) -> int:
    if pending is None:
        return 0  # the walk itself says best why nothing can be answered
    node = pending.node
    if not isinstance(node, Question):
        raise Refused(f"there is no answer {label!r} to this {node.type}: {node.text}", "")
    labels = [answer.label for answer in node.answers]
    if label in labels:
        return labels.index(label)
    alike = [folded(each) for each in labels]
    if folded(label) in alike:
        return alike.index(folded(label))
    if label.isascii() and label.isdigit() and 0 < int(label[:3]) <= len(labels):
        return int(label) - 1
    raise Refused(f"there is no answer {label!r} to {node.text!r}", f"There are: {', '.join(labels)}.")

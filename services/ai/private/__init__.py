"""What leads to a person, a customer or a machine: found by its looks, by what stands before it, and by known names."""

from services.ai.private.accounts import accounts
from services.ai.private.finding import Span, joined
from services.ai.private.known import Known
from services.ai.private.machines import machines
from services.ai.private.numbers import numbers
from services.ai.private.people import people
from services.ai.private.phones import phones
from services.ai.private.places import places
from services.ai.private.web import web

__all__ = ["Known", "Span", "found"]


def found(text: str, known: Known) -> list[Span]:
    """What has to be hidden, from left to right; what overlaps is one, of the kind that stands first here."""
    finders = (web, numbers, phones, machines, accounts, places, known.found, people)
    return joined([span for finder in finders for span in finder(text)])

"""What an answer means: what was asked for, or why not."""

from http import HTTPStatus
from typing import Any

from services.psa.failures import PsaFailed
from services.psa.wire import Answer

MAY_NOT = "Give the API user's security role the permission, or ask who looks after the PSA."


def content(answer: Answer, *, writes: bool) -> Any:
    """The JSON of an answer that is one. Raises PsaFailed for every other."""
    if not answer.ok:
        raise failure(answer, writes=writes)
    try:
        return answer.json()
    except ValueError as error:
        # Accepted, but what became of it is not known; a page of a proxy looks like that too.
        said = answer.said or "empty answer"
        raise PsaFailed("lost" if writes else "invalid", said, status=answer.status) from error


def failure(answer: Answer, *, writes: bool) -> PsaFailed:
    """By the status alone. Whoever knows better looks first."""
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            return PsaFailed("denied", answer.said, status=answer.status)
        case HTTPStatus.FORBIDDEN:
            return PsaFailed("rejected", answer.said, status=answer.status, hint=MAY_NOT)
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return PsaFailed("gone", answer.said, status=answer.status)
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            late = status == HTTPStatus.GATEWAY_TIMEOUT
            return PsaFailed("lost" if writes else "unreachable", answer.said, status=status, late=late)
        case status:
            return PsaFailed("rejected", answer.said, status=status)

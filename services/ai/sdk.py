"""The SDK: loaded when it is first needed, its client made, its errors told apart. Nobody else imports it."""

import asyncio
import contextlib
import gc
import importlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from services.ai.failures import ModelFailed, Why

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

Backend = Literal["anthropic", "aws", "bedrock", "vertex", "google_cloud", "foundry"]

CLIENTS: Mapping[Backend, str] = {
    "anthropic": "AsyncAnthropic",
    "aws": "AsyncAnthropicAWS",
    "bedrock": "AsyncAnthropicBedrockMantle",
    "vertex": "AsyncAnthropicVertex",
    "google_cloud": "AsyncAnthropicGoogleCloud",
    "foundry": "AsyncAnthropicFoundry",
}
NEEDED: dict[Backend, tuple[str, str]] = {
    "aws": ("botocore", "aws"),
    "bedrock": ("botocore", "bedrock"),
    "vertex": ("google.auth", "vertex"),
    "google_cloud": ("google.auth", "google-cloud"),
}
"""The module with which a back end finds its credentials, and the SDK's extra that brings it."""
CONNECT_LIMIT = 5.0
"""Seconds until a connection has to stand."""

_WHY: Mapping[str, Why] = {
    "overloaded_error": "overloaded",
    "api_error": "overloaded",
    "timeout_error": "timeout",
    "rate_limit_error": "limited",
    "billing_error": "rejected",
    "authentication_error": "rejected",
    "permission_error": "rejected",
    "not_found_error": "rejected",
    "invalid_request_error": "rejected",
    "request_too_large": "rejected",
}


@dataclass(frozen=True, slots=True)
class Way:
    """How the model is reached."""

    backend: Backend = "anthropic"
    api_key: str = ""
    """For `anthropic`; the others have credentials of their own kind, which the SDK finds."""
    base_url: str = ""
    """Empty is the back end's own place."""
    refused: str = ""
    """Why nothing may be sent there."""

    def __repr__(self) -> str:
        return f"Way({self.backend!r})"


def own_name(backend: Backend, model: str) -> str:
    """What `model` is called there."""
    return f"anthropic.{model}" if backend == "bedrock" else model


async def connect(way: Way) -> "AsyncAnthropic":
    """A client, made off the event loop: loading the SDK takes seconds. Raises ModelFailed.

    It belongs to the running loop and has to be closed there.
    """
    if way.refused:
        raise ModelFailed("rejected", way.refused)
    return await asyncio.to_thread(_client, way)


def _client(way: Way) -> "AsyncAnthropic":
    with _uncollected():
        import anthropic
        import httpx2
    for name in ("anthropic", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)  # at DEBUG they write whole requests
    _require(way.backend)
    given: dict[str, Any] = {
        # Whoever answers with another address must not be given the call, be it of a machine that anybody listens to.
        "http_client": anthropic.DefaultAsyncHttpxClient(follow_redirects=False),
        "max_retries": 0,
        "timeout": httpx2.Timeout(60, connect=CONNECT_LIMIT),
        "open_telemetry": False,  # which could be told from outside to keep what is sent
    }
    if way.api_key and way.backend == "anthropic":
        given["api_key"] = way.api_key
    if way.base_url:
        given["base_url"] = way.base_url
    try:
        client: AsyncAnthropic = getattr(anthropic, CLIENTS[way.backend])(**given)
    except (anthropic.AnthropicError, ImportError, TypeError, ValueError) as error:
        raise ModelFailed("rejected", f"{way.backend}: {_one_line(error)}") from error
    return client


def _require(backend: Backend) -> None:
    if backend in NEEDED:
        module, extra = NEEDED[backend]
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise ModelFailed("rejected", f"{backend} needs the package anthropic[{extra}]") from error


@contextlib.contextmanager
def _uncollected() -> Any:
    """Thousands of modules in one go: collecting garbage meanwhile, or among them later, stops the event loop."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


@contextlib.asynccontextmanager
async def told_apart(otherwise: Why) -> AsyncIterator[None]:
    """Whatever the SDK and its connection raise becomes a ModelFailed, `otherwise` where it names nothing better.

    Cancelling passes.
    """
    import anthropic
    import httpx2

    try:
        yield
    except (anthropic.APITimeoutError, TimeoutError, httpx2.TimeoutException) as error:
        raise ModelFailed("timeout") from error
    except anthropic.APIConnectionError as error:
        raise ModelFailed("unreachable") from error
    except httpx2.TransportError as error:
        raise ModelFailed("cut") from error
    except anthropic.APIStatusError as error:
        raise _status(error) from error
    except ModelFailed:
        raise
    except Exception as error:
        # A missing credential is a plain TypeError, broken events are a ValueError, and a back end's own library for
        # credentials raises what it likes.
        raise ModelFailed(otherwise, _one_line(error)) from error


def _status(error: Any) -> ModelFailed:
    """By the type in the body; a proxy's page has none, and an error in mid-stream has status 200."""
    why = _WHY.get(error.type or "") or _by_status(error.status_code)
    return ModelFailed(why, _told(error) if why == "rejected" else "", wait=_seconds(error.response.headers))


def _by_status(status: int) -> Why:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "limited"
    return "overloaded" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "rejected"


def _told(error: Any) -> str:
    """What a person can act on, never the request."""
    inner = error.body.get("error") if isinstance(error.body, Mapping) else None
    message = inner.get("message") if isinstance(inner, Mapping) else None
    return f"{error.status_code}: {_one_line(message)}" if isinstance(message, str) else str(error.status_code)


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        return float(headers.get("retry-after", ""))
    except ValueError:
        return None


def _one_line(said: object) -> str:
    return " ".join(str(said).split())[:160]

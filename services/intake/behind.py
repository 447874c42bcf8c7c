"""Work for a processor, done beside the loop in a thread that nobody waits for when the program ends."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def behind(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What `asyncio.to_thread` does, but leaving the program does not wait for it."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # where there is no error there is a result

    def run() -> None:
        try:
            result, error = work(*given, **named), None
        except BaseException as failed:  # noqa: BLE001  # told to whoever waits
            result, error = None, failed
        with suppress(RuntimeError):  # the loop is closed: nobody is there any more
            loop.call_soon_threadsafe(settle, result, error)

    Thread(target=run, daemon=True, name=f"behind {getattr(work, '__name__', 'the loop')}").start()
    return await done

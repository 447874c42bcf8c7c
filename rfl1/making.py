"""What is made when it is first asked for."""

from functools import cached_property
from threading import RLock
from typing import Any, Protocol, Self, TypeVar, cast, overload

T = TypeVar("T")


class Maker(Protocol):
    making: RLock


class made(cached_property[T]):  # noqa: N801  # a decorator
    """Made when it is first asked for; who asks while another thread makes it waits for that."""

    @overload
    def __get__(self, maker: None, owner: type[Any] | None = None) -> Self: ...
    @overload
    def __get__(self, maker: object, owner: type[Any] | None = None) -> T: ...
    def __get__(self, maker: object, owner: type[Any] | None = None) -> Self | T:
        if maker is None:
            return self
        with cast("Maker", maker).making:
            return super().__get__(maker, owner)

"""The column types, which write values as `storage.written` says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator, Uuid
from sqlalchemy.types import TypeEngine

from storage.written import (
    Unreadable,
    from_stored_json,
    from_stored_text,
    from_stored_time,
    to_stored_json,
    to_stored_text,
    to_stored_time,
)

_Read: TypeAlias = Callable[[Any], UUID | None]


class Words(TypeDecorator[str]):
    """Text from outside, of any content."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else to_stored_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else from_stored_text(value)


class Json(TypeDecorator[Any]):
    """A JSON document kept as text; None is NULL, never the document `null`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else to_stored_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any | None:
        return None if value is None else from_stored_json(value)


class Id(Uuid[UUID]):
    """A UUID; what is none is trouble with the store."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        read = cast("_Read | None", super().result_processor(dialect, coltype))  # type: ignore[no-untyped-call]
        if read is None:
            return None

        def checked(stored: Any) -> UUID | None:
            try:
                return read(stored)
            except (AttributeError, TypeError, ValueError) as error:
                raise Unreadable("an id in it cannot be read") from error

        return checked


class Moment(TypeDecorator[datetime]):
    """An aware UTC time; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        stored = to_stored_time(value)
        return stored if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return from_stored_time(value) if dialect.name == "sqlite" else value.astimezone(UTC)

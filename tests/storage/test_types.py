"""Values come back from both databases exactly as they were given."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.written import (
    from_stored_json,
    from_stored_text,
    from_stored_time,
    to_stored_json,
    to_stored_text,
    to_stored_time,
)

any_text = st.text(alphabet=st.characters(codec=None, categories=None))


@given(any_text)
def test_every_text_survives_and_can_be_encoded(text: str) -> None:
    stored = to_stored_text(text)
    assert from_stored_text(stored) == text
    assert "\x00" not in stored
    stored.encode("utf-8")


@given(st.recursive(st.none() | st.booleans() | st.integers() | any_text, st.lists, max_leaves=20))
def test_every_document_survives_as_ascii(document: object) -> None:
    stored = to_stored_json(document)
    assert from_stored_json(stored) == document
    assert stored.isascii()


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_stored_times_sort_as_the_times_do(one: datetime, other: datetime) -> None:
    assert (to_stored_time(one) < to_stored_time(other)) == (one < other)
    assert from_stored_time(to_stored_time(one)) == one


def test_a_time_in_another_zone_is_kept_as_the_same_moment() -> None:
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    assert to_stored_time(summer) == "2026-07-01T10:00:00.000000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        to_stored_time(datetime(2026, 7, 1))

"""When time alone changes the site: the moments of one document, and the next one of all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Document
from pipeline.site.timetable import Phase, closes, next_change, phase

JAKARTA = "Asia/Jakarta"
NOON = datetime(2026, 3, 1, 5, tzinfo=UTC)


def document(**fields: object) -> Document:
    return Document(
        path="pengumuman/2026/a",
        kind="pengumuman",
        shelf=None,
        source="",
        fields=fields,  # type: ignore[arg-type]  # only values that a field can have
        field_lines={},
        body="",
        body_line=1,
    )


def at(text: str) -> datetime:
    """A time as the front matter has it: without a zone."""
    return datetime.fromisoformat(text)


def test_a_document_without_times_is_shown_for_ever() -> None:
    assert phase(document(), NOON, JAKARTA) is Phase.SHOWN
    assert next_change([document()], NOON, JAKARTA) is None


def test_a_time_of_publication_is_in_the_courts_zone_and_is_itself_the_beginning() -> None:
    one = document(terbit=at("2026-03-01 08:00"))
    moment = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    assert phase(one, moment, "Asia/Jayapura") is Phase.SHOWN
    assert phase(one, moment, JAKARTA) is Phase.WAITING
    assert phase(one, moment + timedelta(minutes=30), JAKARTA) is Phase.SHOWN


def test_an_announcement_is_shown_to_the_end_of_its_last_day() -> None:
    one = document(tayang_sampai=date(2026, 3, 1))
    midnight = datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert phase(one, midnight - timedelta(microseconds=1), JAKARTA) is Phase.SHOWN
    assert phase(one, midnight, JAKARTA) is Phase.ENDED
    assert closes(one, JAKARTA) == midnight


def test_a_document_that_waits_beyond_its_end_waits_and_then_has_ended() -> None:
    one = document(terbit=at("2026-03-05 08:00"), tayang_sampai=date(2026, 3, 1))
    assert phase(one, NOON + timedelta(days=1), JAKARTA) is Phase.WAITING
    assert phase(one, NOON + timedelta(days=9), JAKARTA) is Phase.ENDED


def test_the_next_change_is_the_earliest_moment_that_is_still_ahead() -> None:
    documents = [
        document(terbit=at("2026-02-01 08:00"), tayang_sampai=date(2026, 3, 20)),
        document(terbit=at("2026-03-10 10:30")),
        document(tayang_sampai=date(2026, 2, 27)),
    ]
    found = next_change(documents, NOON, JAKARTA)
    assert found == datetime(2026, 3, 10, 3, 30, tzinfo=UTC)
    later = next_change(documents, found, JAKARTA)
    assert later == datetime(2026, 3, 20, 17, tzinfo=UTC)
    assert next_change(documents, later, JAKARTA) is None


@pytest.mark.parametrize("last", [date(9999, 12, 31), at("2026-03-01 10:00"), "2026-03-01", True])
def test_a_last_day_that_never_comes_or_is_none_ends_nothing(last: object) -> None:
    assert phase(document(tayang_sampai=last), NOON, JAKARTA) is Phase.SHOWN
    assert next_change([document(tayang_sampai=last)], NOON, JAKARTA) is None


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001 - front matter has no zone
documents = st.builds(
    lambda first, last: document(**({"terbit": first} if first else {}), **({"tayang_sampai": last} if last else {})),
    st.none() | moments,
    st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(documents, max_size=6), moments, st.floats(0, 0.999))
def test_nothing_changes_before_the_next_change_and_something_moves_past_it(
    found: list[Document], moment: datetime, part: float
) -> None:
    now = moment.replace(tzinfo=UTC)
    ahead = next_change(found, now, JAKARTA)
    before = [phase(each, now, JAKARTA) for each in found]
    until = now + timedelta(days=9999) if ahead is None else ahead
    between = now + (until - now) * part
    assert [phase(each, between, JAKARTA) for each in found] == before
    assert ahead is None or ahead > now

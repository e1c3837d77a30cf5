"""Cohorts: what holds for every triangle, what the two ways of counting say, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.cohort import retention as cohort
from metrics_lab.engine.cohort import table_file as cohort_file
from metrics_lab.engine.cohort.retention import (
    HOWS,
    PERIODS,
    CohortError,
    Person,
    Triangle,
    counted,
    spans,
    triangle_of,
    wilson,
)
from metrics_lab.engine.cohort.table_file import CohortFileError, read_counts, read_events

DATA = Path(cohort.__file__).parent / "data"
JAN = date(2026, 1, 5)
"""A Monday."""


def day(after: int) -> date:
    """Return the day so many days after Monday, 5 January 2026."""
    return JAN + timedelta(days=after)


@st.composite
def crowds(draw: st.DrawFn) -> list[Person]:
    """Some people who join over a month and are seen now and then."""
    people = []
    for joined in draw(st.lists(st.integers(0, 30), min_size=1, max_size=20)):
        seen = draw(st.frozensets(st.integers(joined, 50), max_size=6))
        people.append(Person(day(joined), frozenset(map(day, seen))))
    return people


periods = st.sampled_from(PERIODS)
hows = st.sampled_from(HOWS)


def triangle(people: Sequence[Person], period: cohort.Period, how: cohort.How) -> Triangle:
    """Return the triangle of people as it stands on 5 March."""
    return triangle_of(people, period, day(59), how)


# What holds for every triangle


@given(crowds(), periods, hows)
def test_retention_is_a_share_and_everybody_is_there_in_period_0(
    people: list[Person], period: cohort.Period, how: cohort.How
) -> None:
    found = triangle_of(people, period, day(59), how)
    for row in found.cohorts:
        assert row.retention(0) == 1
        assert all(0 <= (row.retention(k) or 0) <= 1 for k in range(found.periods))
    assert found.people + found.left_out == len(people)


@given(crowds(), periods, hows, st.integers(51, 80))
def test_nothing_stands_beyond_the_last_period_that_has_ended(
    people: list[Person], period: cohort.Period, how: cohort.How, end: int
) -> None:
    try:
        found = triangle_of(people, period, day(end), how)
    except CohortError:
        return
    last = cohort.number_of(day(end + 1), period) - 1
    born = sorted({n for p in people if (n := cohort.number_of(p.joined, period)) <= last})
    for number, row in zip(born, found.cohorts, strict=True):
        lived = [count is not None for count in row.counts]
        assert lived == [number + k <= last for k in range(len(row.counts))]


@given(crowds(), periods)
def test_rolling_never_rises_and_is_never_below_exact(
    people: list[Person], period: cohort.Period
) -> None:
    exact, rolling = (triangle(people, period, how) for how in HOWS)
    for a, b in zip(exact.cohorts, rolling.cohorts, strict=True):
        pairs = [(x, y) for x, y in zip(a.counts, b.counts, strict=True) if x is not None]
        assert all(x <= (y or 0) for x, y in pairs)
        assert [y for _, y in pairs] == sorted((y for _, y in pairs), reverse=True)


@given(crowds(), periods, hows)
def test_the_mean_weighs_by_size_and_lies_between_the_cohorts(
    people: list[Person], period: cohort.Period, how: cohort.How
) -> None:
    found = triangle(people, period, how)
    for mean in found.curve:
        lived = [c for c in found.cohorts if c.retention(mean.k) is not None]
        shares = [c.retention(mean.k) or 0 for c in lived]
        assert min(shares) - 1e-12 <= mean.share <= max(shares) + 1e-12
        assert mean.people == sum(c.size for c in lived)
        assert mean.lo - 1e-9 <= mean.share <= mean.hi + 1e-9


@given(crowds(), periods, hows)
def test_the_order_of_people_does_not_matter(
    people: list[Person], period: cohort.Period, how: cohort.How
) -> None:
    assert triangle(people[::-1], period, how) == triangle(people, period, how)


@given(crowds(), hows)
def test_a_triangle_written_down_and_read_again_is_the_same(
    people: list[Person], how: cohort.How
) -> None:
    found = triangle(people, "week", how)
    lines = [
        ",".join([c.label, str(c.size), *("" if n is None else str(n) for n in c.counts)])
        for c in found.cohorts
    ]
    again = counted(read_counts("\n".join(lines)).rows, "week")
    assert [(c.label, c.size) for c in again.cohorts] == [(c.label, c.size) for c in found.cohorts]
    assert [m.share for m in again.curve] == [m.share for m in found.curve]


# By hand


def test_a_censored_cell_is_in_no_mean() -> None:
    found = counted([("old", 100, [100, 40, 30]), ("new", 300, [300, 60])], "month")
    assert [(m.there, m.people, m.cohorts) for m in found.curve] == [
        (400, 400, 2), (100, 400, 2), (30, 100, 1),
    ]  # fmt: skip
    assert found.cohorts[1].retention(2) is None


def test_exact_and_rolling_differ_for_one_who_stays_away_and_returns() -> None:
    people = [Person(day(0), frozenset({day(15)}))]
    assert triangle_of(people, "week", day(20)).cohorts[0].counts == (1, 0, 1)
    assert triangle_of(people, "week", day(20), "rolling").cohorts[0].counts == (1, 1, 1)


def test_weeks_begin_on_monday_and_a_week_that_has_not_ended_is_blank() -> None:
    people = [Person(day(6)), Person(day(7), frozenset({day(14)}))]
    found = triangle_of(people, "week", day(19))
    assert [c.label for c in found.cohorts] == ["week of 2026-01-05", "week of 2026-01-12"]
    assert [c.counts for c in found.cohorts] == [(1, 0), (1, None)]
    assert triangle_of(people, "week", day(20)).cohorts[1].counts == (1, 1, None)


def test_months_are_those_of_the_calendar() -> None:
    people = [Person(date(2025, 12, 31), frozenset({date(2026, 1, 1)}))]
    found = triangle_of(people, "month", date(2026, 1, 31))
    assert (found.cohorts[0].label, found.cohorts[0].counts) == ("2025-12", (1, 1))


def test_people_whose_first_period_goes_on_are_counted_as_left_out() -> None:
    found = triangle_of([Person(day(0)), Person(day(8))], "week", day(8))
    assert (found.people, found.left_out) == (1, 1)
    assert any("had not ended" in remark for remark in cohort.remarks(found))


@pytest.mark.parametrize(
    ("people", "period", "ends", "field"),
    [
        ([], "week", 5, "table"),
        ([Person(day(9))], "week", 5, "ends"),
        ([Person(day(0))], "month", 5, "ends"),
        ([Person(day(0))], "day", 400, "period"),
    ],
)
def test_what_makes_no_triangle_is_said_at_its_field(
    people: list[Person], period: cohort.Period, ends: int, field: str
) -> None:
    with pytest.raises(CohortError) as caught:
        triangle_of(people, period, day(ends))
    assert caught.value.field == field


def test_wilson_agrees_with_a_published_example() -> None:
    """Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_small_cohorts_and_a_rise_of_the_mix_are_remarked_on() -> None:
    found = counted([("a", 10, [10, 5, 5]), ("b", 90, [90, 9])], "month")
    words = " ".join(cohort.remarks(found))
    assert "A has fewer than 30 people" in words
    assert "rises at month 2, where only 1 of 2 cohorts is left" in words
    assert cohort.remarks(counted([("a", 50, [50, 25])], "month")) == ()


# Reading


def test_events_are_read_with_and_without_heading_and_sign_up() -> None:
    wanted = {"ana": Person(day(0), frozenset({day(0), day(3)}))}
    assert read_events("ana,2026-01-05\nana,2026-01-08\n").people == wanted
    assert read_events("\ufeffDate;User\n2026-01-08;ana\n5.1.2026;ana").people == wanted
    with_time = "user_id\tdate\tsign-up\nana\t2026-01-08T10:20:00Z\t2026-01-05\n"
    assert read_events(with_time).people["ana"] == Person(day(0), frozenset({day(3)}))
    never = read_events("user,date,signup\nana,,2026-01-05\n")
    assert never.people == {"ana": Person(day(0))}


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        ("ana,2026-13-02", 1, "2026-13-02 is no date; write 2026-02-13"),
        ("ana,2026-01-05\n\nben,soon 3", 3, "soon 3 is no date; write the year"),
        ("ana,2026-02-30", 1, "is no date"),
        ("ana,03/04/2026", 1, "two ways; write 2026-04-03 or 2026-03-04"),
        ("ana,13/04/2026", 1, "begin with the year; write 2026-04-13"),
        ("ana,0202-01-05", 1, "check the year"),
        ("user,date\n,2026-01-05", 2, "the user is missing"),
        ("user,date\nana,", 2, "ana has no date"),
        ("user,date,signup\nana,2026-01-05,2026-01-06", 2, "before the sign-up of ana"),
        ("user,date,signup\na,2026-01-05,2026-01-05\na,2026-01-07,2026-01-06", 3, "in line 2"),
        ("x" * 90 + ",2026-01-05", 1, "80 characters"),
    ],
)
def test_a_wrong_line_is_named_with_what_to_do(lines: str, line: int, words: str) -> None:
    errors = read_events(lines).errors
    assert [error.line for error in errors] == [line]
    assert words in errors[0].text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2026-01,100,100,42 %", "period 1 is 42 %; write people: of 100 that is 42"),
        ("2026-01,100,100,140", "period 1 has 140 people, more than the 100"),
        ("2026-01,100,98,40", "write 100, or 98 as the size"),
        ("2026-01,100,100,,30", "period 1 is empty; write 0"),
        ("2026-01,100,100,4.5", "write a whole number"),
        ("2026-01,0,0", "leave out a cohort"),
        (",10,10", "the cohort has no name"),
        ("2026-01,100", "after the name come the size"),
        ("2026-01," + "9" * 40 + ",1", "check the number"),
        ("2026-01" + ",1" * 70, "periods are too many"),
    ],
)
def test_a_wrong_row_of_counts_is_named_with_what_to_do(line: str, words: str) -> None:
    found = read_counts(f"cohort,size,0,1\n2025-12,50,50,20\n{line}")
    assert [error.line for error in found.errors] == [3]
    assert words in found.errors[0].message
    assert found.rows == (("2025-12", 50, (50, 20)),)


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (read_events, " \n ", "nothing in the table"),
        (read_events, "user,date\n", "no line beneath"),
        (read_events, "cohort,size,0\n2026-01,5,5", "one line a cohort"),
        (read_events, "name,colour\nana,blue", "name the columns user and date"),
        (read_events, "a,2026-01-05\n" * 20_002, "more than 20,000 lines"),
        (read_events, "x" * 1_000_001, "larger than 1 MB"),
        (read_events, 'user,date\n"ana,2026-01-05', "quotation mark"),
        (read_counts, "user,date\nana,2026-01-05", "one line a visit"),
        (read_counts, "cohort,size,0\n", "no cohort beneath"),
    ],
)
def test_a_text_that_is_something_else_is_refused(read: object, text: str, words: str) -> None:
    with pytest.raises(CohortFileError, match=words):
        read(text)  # type: ignore[operator]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a\x00b", b"x" * 1_000_001])
def test_a_file_that_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(CohortFileError):
        cohort_file.decoded(data)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for read in (read_events, read_counts):
        with suppress(CohortFileError):
            found = read(text)
            assert all(error.line >= 1 and error.message for error in found.errors)


def test_the_examples_make_triangles() -> None:
    visits = read_events((DATA / "visits.csv").read_text(encoding="utf-8"))
    counts = read_counts((DATA / "counts.csv").read_text(encoding="utf-8"))
    people = list(visits.people.values())
    assert not visits.errors
    assert not counts.errors
    assert triangle_of(people, "week", spans(people)[1]).periods == 8
    assert counted(counts.rows, "month").periods == 6

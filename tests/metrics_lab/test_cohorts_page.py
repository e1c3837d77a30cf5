"""Cohorts: pasted, uploaded or an example; mistakes by line, nothing lost and nothing stored."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from metrics_lab.forms.cohorts import EXAMPLES, mark_of
from metrics_lab.views.cohorts import share_words

VISITS = "ana,2026-01-05\nana,2026-01-13\nben,2026-01-06\ncy,2026-01-14\ncy,2026-01-18\n"
COUNTS = "2026-01,200,200,80,60\n2026-02,100,100,30\n"


def send(client: Client, **sent: object) -> HttpResponse:
    """Return the answer to a form that was sent; these tests may not use the database."""
    return client.post(reverse("lab-cohorts"), {"kind": "events", **sent})  # type: ignore[return-value]


def words(response: HttpResponse) -> str:
    """Return the page's text."""
    return response.content.decode()


def test_the_first_visit_explains_and_offers_examples(client: Client) -> None:
    response = client.get(reverse("lab-cohorts"))
    assert response.status_code == 200
    assert "?example=visits" in words(response)  # type: ignore[arg-type]
    assert "still there?" not in words(response)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_computed_and_says_that_it_is_hypothetical(client: Client, name: str) -> None:
    text = client.get(reverse("lab-cohorts"), {"example": name}).content.decode()
    assert "hypothetical example" in text
    assert "How many of each cohort are still there?" in text
    assert "Does the retention curve flatten?" in text


def test_visits_become_a_triangle_whose_unfinished_cells_are_blank(client: Client) -> None:
    text = words(send(client, table=VISITS, period="week"))
    assert "week of 2026-01-12" in text
    assert "Of 2 people, 50 % are there in week 1" in text
    assert "The right edge is blank where a week had not ended" in text
    assert '<td class="end"></td>' in text
    assert "hypothetical example" not in text


def test_n_day_and_rolling_retention_are_named_apart(client: Client) -> None:
    late = "ana,2026-01-05\nana,2026-01-20\nben,2026-01-05\nben,2026-01-25"
    assert "Of 2 people, 0 % are there in week 1;" in words(send(client, table=late, how="exact"))
    assert "100 % are there in week 1 or later" in words(send(client, table=late, how="rolling"))
    assert "N-week retention" in words(send(client, table=VISITS, how="exact"))
    assert "Rolling retention by week" in words(send(client, table=VISITS, how="rolling"))


def test_counts_become_a_weighted_mean_without_the_censored_cells(client: Client) -> None:
    text = words(send(client, table=COUNTS, kind="counts", period="month"))
    assert "Of 300 people, 37 % are there in month 1; by cohort 30 % to 40 %." in text
    assert "30 % in month 2" in text


def test_rolling_is_refused_for_counts_with_the_reason(client: Client) -> None:
    response = send(client, table=COUNTS, kind="counts", how="rolling")
    assert response.status_code == 422
    assert "Counts do not say who of them came back later" in words(response)
    assert "2026-01,200,200,80,60" in words(response)


def test_wrong_lines_are_named_with_what_to_do_and_the_text_stays(client: Client) -> None:
    table = VISITS + "\ndo,2026-13-02\n,2026-01-05\n"
    response = send(client, table=table)
    assert response.status_code == 422
    assert "2 lines need a change" in words(response)
    assert "line 7: 2026-13-02 is no date; write 2026-02-13" in words(response)
    assert "line 8: the user is missing" in words(response)
    assert "do,2026-13-02" in words(response)
    assert 'aria-describedby="table-help table-say"' in words(response)


def test_many_wrong_lines_are_counted_and_a_dozen_shown(client: Client) -> None:
    response = send(client, table="ana,x1\n" * 40)
    assert words(response).count("is no date") == 12
    assert "and 28 more" in words(response)


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"table": ""}, "table", "nothing in the table yet"),
        ({"table": VISITS, "ends": "soon"}, "ends", "Soon is no date"),
        ({"table": VISITS, "ends": "2026-01-10"}, "ends", "goes on to 2026-01-18"),
        ({"table": "a,2020-01-01\na,2026-01-01", "period": "day"}, "period", "Choose weeks"),
        ({"table": VISITS, "kind": "counts"}, "table", "looks like one line a visit"),
        ({"table": "cohort,size,0\nx,5,5"}, "table", "looks counted already"),
    ],
)
def test_what_cannot_be_counted_is_said_at_its_field(
    client: Client, sent: dict[str, str], field: str, said: str
) -> None:
    response = send(client, **sent)
    assert response.status_code == 422
    assert said in words(response)
    assert f'href="#{field}"' in words(response)
    assert f'id="{field}-say"' in words(response)


def test_a_last_day_after_the_table_ends_turns_blanks_into_zeros(client: Client) -> None:
    text = words(send(client, table=VISITS, ends="2026-02-01"))
    assert "Of 3 people, 33 % are there in week 1" in text


def test_an_uploaded_file_is_read_into_the_field(client: Client) -> None:
    response = send(client, table="", file=SimpleUploadedFile("v.csv", VISITS.encode("utf-8-sig")))
    assert response.status_code == 200
    assert "ana,2026-01-05" in words(response)


def test_an_upload_replaces_what_came_from_the_page_and_never_what_was_typed(
    client: Client,
) -> None:
    upload = SimpleUploadedFile("v.csv", COUNTS.encode())
    typed = send(client, table=VISITS, loaded="", kind="counts", file=upload)
    assert typed.status_code == 422
    assert "nothing of it was overwritten" in words(typed)
    assert "ana,2026-01-05" in words(typed)
    upload = SimpleUploadedFile("v.csv", COUNTS.encode())
    loaded = mark_of(VISITS)
    again = send(
        client, table=VISITS.replace("\n", "\r\n"), loaded=loaded, kind="counts", file=upload
    )
    assert again.status_code == 200
    assert "ana,2026-01-05" not in words(again)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b"\xff\xfe\x00a", "not in UTF-8"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (b"ana,2026-01-05\n" * 20_010, "more than 20,000 lines"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(client: Client, data: bytes, said: str) -> None:
    response = send(client, table="", file=SimpleUploadedFile("v.csv", data))
    assert response.status_code == 422
    assert said in words(response)


def test_nothing_of_an_upload_is_stored(client: Client, settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)  # type: ignore[attr-defined]
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10  # type: ignore[attr-defined]
    send(client, table="", file=SimpleUploadedFile("v.csv", VISITS.encode()))
    assert list(tmp_path.iterdir()) == []


def test_the_triangle_can_be_downloaded_with_its_blanks(client: Client) -> None:
    response = client.post(
        reverse("lab-cohorts"),
        {"kind": "counts", "table": "=cmd|x" + COUNTS[7:], "period": "month", "as": "csv"},
    )
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert "attachment" in response["Content-Disposition"]
    assert rows[0][:3] == ["Cohort", "Size (people)", "month 0 (people)"]
    assert rows[1][:5] == ["'=cmd|x", "200", "200", "80", "60"]
    assert rows[2][4] == ""
    assert float(rows[3][6]) == pytest.approx(110 / 300)


def test_hostile_text_is_shown_as_text(client: Client) -> None:
    response = send(client, kind="counts", table="</textarea><script>alert(1)</script>,5,5\n")
    assert response.status_code == 200
    assert "<script>alert" not in words(response)


def test_a_file_of_the_largest_size_is_computed(client: Client) -> None:
    lines = "".join(f"u{i % 5000},2026-{i % 2 + 1:02d}-{i % 28 + 1:02d}\n" for i in range(20_000))
    upload = SimpleUploadedFile("v.csv", lines.encode())
    response = send(client, table="", period="month", file=upload)
    assert response.status_code == 200
    # Even users come in January alone and odd ones in February, so nobody is there a month later.
    assert "Of 2,500 people, 0 % are there in month 1" in words(response)


def test_small_shares_keep_a_decimal() -> None:
    assert [share_words(s) for s in (0, 0.004, 0.094, 0.0996, 0.5, 1)] == [
        "0 %", "0.4 %", "9.4 %", "10 %", "50 %", "100 %",
    ]  # fmt: skip

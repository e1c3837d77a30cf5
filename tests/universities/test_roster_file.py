"""Reading a CSV file: what is understood, what is refused, and never a crash."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from universities.roster_file import MAX_BYTES, MAX_ROWS, Roster, RosterFileError, decode, parse


def read(text: str | bytes) -> Roster:
    """Decode and parse."""
    return parse(decode(text if isinstance(text, bytes) else text.encode()))


def messages(text: str) -> list[tuple[int, str]]:
    """Return the line and column of each fault."""
    return [(error.line, error.column) for error in read(text).errors]


def test_all_columns_are_read() -> None:
    [row] = read("email,name,external_id,cohort,role\nAda@X.com, Ada ,s-1,MBA  2027,Student").rows
    assert (row.email, row.name, row.external_id, row.cohort) == (
        "ada@x.com",
        "Ada",
        "s-1",
        "MBA 2027",
    )


@pytest.mark.parametrize(
    "text",
    [
        "email;name\na@x.com;Ada",
        "email\tname\na@x.com\tAda",
        "\ufeffemail,name\r\na@x.com,Ada\r\n",
        '"E-mail","Name"\n"a@x.com","Ada"',
        "Name,Email Address\nAda,a@x.com",
        "\n\nemail,name\n\na@x.com,Ada\n,\n",
    ],
)
def test_what_spreadsheets_write_is_understood(text: str) -> None:
    roster = read(text)
    assert [(row.email, row.name) for row in roster.rows] == [("a@x.com", "Ada")]
    assert not roster.errors


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"email\n" + b"a" * MAX_BYTES, "larger than 1 MB"),
        ("email\ncafé@x.com".encode("latin-1"), "UTF-8"),
        ("email\na@x.com".encode("utf-16"), "UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
        (b"email\na\x00@x.com", "not a text file"),
        (b"name\nAda", "email"),
        (b"email,email\na@x.com,b@x.com", "twice"),
        (b"email,grade\na@x.com,A", "grade"),
        (b'email,name\na@x.com,"Ada\nb@x.com,Bob', "quotation mark"),
        (b"email\n" + b"".join(b"a%d@x.com\n" % n for n in range(MAX_ROWS + 1)), "5,000"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, words: str) -> None:
    with pytest.raises(RosterFileError, match=words):
        read(data)


def test_five_thousand_people_are_taken() -> None:
    text = "email\n" + "".join(f"a{n}@x.com\n" for n in range(MAX_ROWS))
    assert len(read(text).rows) == MAX_ROWS


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
@pytest.mark.parametrize("column", ["name", "external_id", "cohort", "email"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(sign: str, column: str) -> None:
    columns = ["email", *({column} - {"email"})]
    cells = {"email": "a@x.com", column: f"{sign}1+1"}
    text = f"{','.join(columns)}\n{','.join(cells[name] for name in columns)}"
    assert (2, column) in messages(text)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("nobody,,,,", "email"),
        (",Ada,,,", "email"),
        ("a@x.com,,,,staff", "role"),
        ("a@x.com,,,,coach", "role"),
        (f"a@x.com,{'n' * 81},,,", "name"),
        (f"a@x.com,,{'i' * 65},,", "external_id"),
        ("a@x.com,Ada\u202egnp,,,", "name"),
        ("a@x.com,,,,,too,many", ""),
    ],
)
def test_a_wrong_line_names_its_number_and_column(line: str, column: str) -> None:
    text = f"email,name,external_id,cohort,role\nok@x.com,,,,\n{line}"
    assert messages(text) == [(3, column)]
    assert len(read(text).rows) == 1


@pytest.mark.parametrize(
    "lines", ["a@x.com,1\nA@X.com,2", "a@x.com,1\nb@x.com,1"], ids=["address", "id"]
)
def test_a_repeated_person_is_named(lines: str) -> None:
    [error] = read(f"email,external_id\n{lines}").errors
    assert (error.line, error.message) == (3, "The same as in line 2.")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_file_crashes_the_reader(data: bytes) -> None:
    for candidate in (data, b"email,name,role\n" + data):
        try:
            roster = read(candidate)
        except RosterFileError:
            continue
        assert all("@" in row.email for row in roster.rows)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_no_cell_smuggles_a_formula_in(cell: str) -> None:
    quoted = cell.replace('"', '""')
    try:
        roster = read(f'email,name\na@x.com,"{quoted}"')
    except (RosterFileError, UnicodeEncodeError):
        return
    assert not any(row.name.startswith(("=", "+", "-", "@", "\t", "\r")) for row in roster.rows)

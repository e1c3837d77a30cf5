"""Icons and fixed parts: drawn once, the same everywhere, and nothing of the page in them."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from heroicons import IconDoesNotExist


def drawn(source: str, **context: object) -> str:
    """Return what a template draws."""
    return Template(source).render(Context(context))


def test_an_icon_is_the_same_by_name_by_variable_and_as_a_component() -> None:
    by_name = drawn('{% icon "good" %}')
    assert by_name.startswith("<svg")
    assert by_name == drawn("{% icon kind %}", kind="good")
    assert by_name.strip() == render_to_string("components/icon.html", {"name": "good"}).strip()


def test_a_name_that_means_nothing_is_the_heroicons_own() -> None:
    assert drawn('{% icon "next" %}') == drawn('{% icon "arrow-right" %}')


def test_an_icon_that_is_missing_is_found_when_the_template_is_read() -> None:
    with pytest.raises(IconDoesNotExist):
        Template('{% if never %}{% icon "no-such-icon" %}{% endif %}')


def test_no_name_draws_nothing() -> None:
    assert drawn("{% icon nothing %}") == ""


def test_a_name_from_outside_cannot_bring_markup() -> None:
    with pytest.raises(IconDoesNotExist):
        drawn("{% icon kind %}", kind='x"><script>')


def test_a_fixed_part_knows_nothing_of_the_page() -> None:
    source = '{% fixed "components/messages.html" %}'
    assert "a secret" not in drawn(source, messages=["a secret"])
    assert "a secret" in render_to_string("components/messages.html", {"messages": ["a secret"]})


@pytest.mark.parametrize("source", ["{% fixed name %}", "{% fixed %}", '{% icon "good" 16 %}'])
def test_a_tag_that_is_written_wrongly_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_a_quote_is_shown_without_marks_and_still_escaped() -> None:
    assert drawn("{{ quote|unmarked }}", quote="**Shared <b> list** – a vote") == (
        "Shared &lt;b&gt; list – a vote"
    )
    assert drawn("{{ quote|unmarked }}", quote=None) == ""

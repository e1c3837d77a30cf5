"""The admin's pages for a case itself: edit it with a preview, its versions, take it elsewhere."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from questions.case import STEP_TITLES, Case, CaseDataError
from questions.case_file import MAX_BYTES, CaseFileError, Problem, read_text
from questions.case_write import case_yaml
from questions.models import CaseVersion, Question
from questions.services.authoring import (
    CaseMovedOn,
    CaseStored,
    case_import,
    case_json,
    case_problems,
    case_revise,
    version_make_current,
)

SIGNS = {"+": "added", "-": "taken out", "@": "place"}


class CaseFileForm(forms.Form):
    """The JSON of a case, as a file or as text; what was sent stays in the text."""

    file = forms.FileField(
        label="JSON file of a case",
        required=False,
        help_text="As “Download” on a question's page, or manage.py case_export, writes it.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "case-text"}),
    )
    stored: CaseStored | None = None

    def clean(self) -> dict[str, Any]:
        """Import the case; problems stand beside the field that brought them."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        upload = data.get("file")
        text, name = data.get("text", ""), "text"
        if upload:
            name = "file"
            try:
                text = self._uploaded(upload)
            except ValidationError as error:
                self.add_error(name, error)
                return data
        if not text.strip():
            self.add_error(name, "Choose a file, or paste its text.")
            return data
        try:
            self.stored = case_import(text=text, name=upload.name if upload else "the text")
        except CaseFileError as error:
            self.add_error(name, [_said(problem) for problem in error.problems])
        return data

    def _uploaded(self, upload: Any) -> str:
        """Return the text of the file and show it in the field for text from now on.

        Raises:
            ValidationError: it is too large for a case, or no UTF-8 text.
        """
        if upload.size > 4 * MAX_BYTES:
            raise ValidationError("This file is too large for a case.")
        try:
            text: str = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError("This file is not UTF-8 text. Save it as UTF-8.") from None
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["text"] = text  # type: ignore[index]
        return text


@dataclass(frozen=True)
class CaseCheck:
    """What is wrong with a text, and the case in it where it could be read."""

    problems: tuple[Problem, ...]
    case: Case | None

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps as a student meets them: title, minutes, brief and hints."""
        if self.case is None:
            return []
        return [
            {"title": STEP_TITLES.get(step, step), "guide": guide}
            for step, guide in self.case.steps.items()
        ]


@dataclass
class _Editing:
    """The text on the page, the version it started from, and the one that came in between."""

    question: Question
    text: str
    base: int | None
    moved_on: CaseVersion | None = None
    check: CaseCheck = field(init=False)

    def __post_init__(self) -> None:
        self.check = check_text(self.text, self.question.slug)
        current = self.question.current_version
        if current is not None and current.pk != self.base:
            self.moved_on = current


class CaseAdmin(admin.ModelAdmin[Question]):
    """What a question's admin page adds for its case."""

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the case's pages before those of the question."""
        pages: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("<int:pk>/case/", self.case_view, "case"),
            ("<int:pk>/case/versions/", self.versions_view, "case_versions"),
            ("<int:pk>/case/versions/<int:number>.json", self.download_view, "case_json"),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"questions_question_{name}")
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list of questions, with a form that imports a case."""
        sent = request.method == "POST" and "import_case" in request.POST
        form = CaseFileForm(request.POST, request.FILES) if sent else CaseFileForm()
        if sent:
            if not self.has_change_permission(request):
                raise PermissionDenied
            if form.is_valid() and form.stored:
                return self._imported(request, form.stored)
        can = self.has_change_permission(request)
        context = {**(extra_context or {}), "import_form": form if can else None}
        response = super().changelist_view(request, context)
        if sent:
            response.status_code = 422
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The question's own page, with the ways to its case."""
        question = self.get_object(request, object_id)
        links = case_links(question) if question else {}
        context = {**(extra_context or {}), "case_links": links}
        return super().change_view(request, object_id, form_url, context)

    def case_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Edit the case: the text, what is wrong with it, and how a student sees it."""
        question = self._question(request, pk, self.has_change_permission)
        editing = _editing(request, question)
        if request.method != "POST":
            return self._edit_page(request, editing)
        if request.htmx:  # type: ignore[attr-defined]
            context = {"check": editing.check, "editing": editing}
            return TemplateResponse(request, "admin/questions/question/case_check.html", context)
        if "save" not in request.POST or editing.check.problems:
            status = 422 if "save" in request.POST else 200
            return self._edit_page(request, editing, status=status)
        try:
            stored = case_revise(
                question=question, text=editing.text, name="the text", base=editing.base
            )
        except (CaseFileError, CaseMovedOn):
            # What is current was read anew above; whoever saved in between is shown.
            question.refresh_from_db()
            editing = _Editing(question, editing.text, editing.base)
            return self._edit_page(request, editing, status=409)
        self._tell(request, stored)
        return redirect("admin:questions_question_case", question.pk)

    def versions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The versions of a case, the difference of two, and the way back to an older one."""
        allowed = (
            self.has_change_permission if request.method == "POST" else self.has_view_permission
        )
        question = self._question(request, pk, allowed)
        if request.method == "POST":
            return self._make_current(request, question)
        versions = list(question.versions.order_by("-number"))
        older, newer = _chosen(request, versions)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Versions: {question.title}",
            "opts": self.opts,
            "question": question,
            "versions": versions,
            "older": older,
            "newer": newer,
            "lines": list(_difference(older, newer)) if older and newer else [],
            "may_change": self.has_change_permission(request, question),
        }
        return TemplateResponse(request, "admin/questions/question/versions.html", context)

    def download_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """A version as a JSON file."""
        question = self._question(request, pk, self.has_view_permission)
        version = get_object_or_404(question.versions, number=number)
        try:
            text = case_json(version)
        except CaseDataError:
            messages.error(request, f"Version {number} cannot be read any more.")
            return redirect("admin:questions_question_case_versions", question.pk)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        name = f"{question.slug}-v{number}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _question(
        self, request: HttpRequest, pk: int, may: Callable[[HttpRequest, Question], bool]
    ) -> Question:
        question = get_object_or_404(Question.objects.select_related("current_version"), pk=pk)
        if not may(request, question):
            raise PermissionDenied
        return question

    def _edit_page(
        self, request: HttpRequest, editing: _Editing, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Edit the case: {editing.question.title}",
            "opts": self.opts,
            "question": editing.question,
            "editing": editing,
            "check": editing.check,
            # Whoever has been told of the other version may save over it.
            "base": editing.moved_on.pk if editing.moved_on else editing.base,
        }
        template = "admin/questions/question/case.html"
        return TemplateResponse(request, template, context, status=status)

    def _make_current(self, request: HttpRequest, question: Question) -> HttpResponse:
        number = request.POST.get("number", "")
        if not number.isdecimal() or len(number) > 6:
            raise Http404
        version = get_object_or_404(question.versions, number=int(number))
        try:
            self._tell(request, version_make_current(version=version))
        except CaseDataError:
            messages.error(request, f"Version {version.number} cannot be read any more.")
        return redirect("admin:questions_question_case_versions", question.pk)

    def _imported(self, request: HttpRequest, stored: CaseStored) -> HttpResponse:
        self._tell(request, stored)
        return redirect("admin:questions_question_change", stored.version.question_id)

    def _tell(self, request: HttpRequest, stored: CaseStored) -> None:
        number = stored.version.number
        if stored.outcome == "unchanged":
            messages.info(request, f"Nothing has changed: version {number} is current.")
            return
        said = f"Version {number} is current now. Attempts keep the version they began with."
        messages.success(request, said)
        self.log_change(request, stored.version.question, f"Version {number} is current.")


def check_text(text: str, slug: str) -> CaseCheck:
    """Return what is wrong with the YAML of the question `slug`, and the case where readable."""
    try:
        source = read_text(text, "the text")
    except CaseFileError as error:
        return CaseCheck(error.problems, None)
    return CaseCheck(tuple(case_problems(source, slug)), source.case)


def _editing(request: HttpRequest, question: Question) -> _Editing:
    """Return what was sent, or the current version to begin with."""
    current = question.current_version
    if request.method == "POST":
        base = request.POST.get("base", "")
        text = request.POST.get("text", "").replace("\r\n", "\n")
        return _Editing(question, text, int(base) if base.isdecimal() and len(base) < 18 else None)
    return _Editing(question, _text(current), current.pk if current else None)


def _text(version: CaseVersion | None) -> str:
    """Return a version as YAML; one that cannot be read any more says so."""
    if version is None:
        return ""
    try:
        return case_yaml(Case.from_dict(version.data))
    except CaseDataError as error:
        return f"# This version cannot be read any more: {error}\n"


def _chosen(
    request: HttpRequest, versions: list[CaseVersion]
) -> tuple[CaseVersion | None, CaseVersion | None]:
    """Return the two versions to compare: those asked for, or the last two."""
    by_number = {str(version.number): version for version in versions}
    newest = versions[0] if versions else None
    before = versions[1] if len(versions) > 1 else None
    older = by_number.get(request.GET.get("from", ""), before)
    return older, by_number.get(request.GET.get("to", ""), newest)


def _difference(older: CaseVersion, newer: CaseVersion) -> Iterator[dict[str, str]]:
    """Yield the lines that differ with two around them: kind and text."""
    before, after = _text(older).splitlines(), _text(newer).splitlines()
    for line in list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]:
        yield {"kind": SIGNS.get(line[0], "same"), "sign": line[0], "text": line[1:]}


def _said(problem: Problem) -> str:
    return f"Line {problem.line}: {problem.message}; {problem.remedy}."


def case_links(question: Question) -> dict[str, str]:
    """Return the addresses of the case's pages."""
    links = {
        name: reverse(f"admin:questions_question_{name}", args=[question.pk])
        for name in ("case", "case_versions")
    }
    if question.current_version:
        args = [question.pk, question.current_version.number]
        links["case_json"] = reverse("admin:questions_question_case_json", args=args)
    return links

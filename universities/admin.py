"""Universities in the admin, for the administrator of the site. Members and keys are for staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from universities.models import AuditEvent, Membership, University
from universities.services.universities import university_create

if TYPE_CHECKING:
    # Django's own classes take no type parameter when the program runs.
    UniversityModelAdmin = admin.ModelAdmin[University]
    MembershipModelAdmin = admin.ModelAdmin[Membership]
    AuditEventModelAdmin = admin.ModelAdmin[AuditEvent]
    UniversityModelForm = forms.ModelForm[University]
else:
    UniversityModelAdmin = MembershipModelAdmin = AuditEventModelAdmin = admin.ModelAdmin
    UniversityModelForm = forms.ModelForm


class UniversityForm(UniversityModelForm):
    """A new university names its first staff member, who has an account already."""

    first_staff = forms.EmailField(help_text="The address of somebody who has an account.")

    class Meta:
        model = University
        fields = ("name", "timezone")

    def clean_first_staff(self) -> User:
        """Return the person with this address."""
        user = User.objects.filter(email__iexact=self.cleaned_data["first_staff"]).first()
        if user is None:
            raise forms.ValidationError("Nobody has an account with this address.")
        return user


@admin.register(University)
class UniversityAdmin(UniversityModelAdmin):
    """Make a university; its own staff runs it from there."""

    list_display = ("name", "slug", "timezone", "created_at")
    search_fields = ("name", "slug")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Ask for the first staff member while the university is new."""
        if obj is None:
            kwargs["form"] = UniversityForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the address and the code of one that exists."""
        if obj is None:
            return ("name", "timezone", "first_staff")
        return (
            "name",
            "slug",
            "timezone",
            "join_code",
            "join_by_code",
            "language_model",
            "created_at",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep the address and the code: staff renews the code."""
        return () if obj is None else ("slug", "join_code", "language_model", "created_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Make a new one through the service, which also makes its first staff member."""
        if change:
            super().save_model(request, obj, form, change)
            return
        made = university_create(
            name=obj.name,
            staff=form.cleaned_data["first_staff"],
            timezone=obj.timezone,
            actor=request.user if isinstance(request.user, User) else None,
        )
        obj.__dict__.update(made.__dict__)


@admin.register(Membership)
class MembershipAdmin(MembershipModelAdmin):
    """Who is where, to read. Roles are changed by the university's staff."""

    list_display = ("user", "university", "role", "created_at", "removed_at")
    list_filter = ("role", "university")
    search_fields = ("user__email", "user__name", "external_id")
    list_select_related = ("user", "university")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People join or accept an invitation."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Roles change on the university's own pages, where they are recorded."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A membership ends with a date and keeps its row."""
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(AuditEventModelAdmin):
    """The record of every university, to read."""

    list_display = ("created_at", "university", "actor", "action", "subject")
    list_filter = ("action", "university")
    list_select_related = ("university", "actor")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Services write the record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was written stays as it was written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was written stays."""
        return False

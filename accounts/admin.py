"""People in the admin. Passwords are reset by their owners, and roles live in memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from accounts.models import Notice, User

if TYPE_CHECKING:
    # Django's own classes take no type parameter when the program runs.
    UserModelAdmin = admin.ModelAdmin[User]
    NoticeModelAdmin = admin.ModelAdmin[Notice]
else:
    UserModelAdmin = NoticeModelAdmin = admin.ModelAdmin


# The site's own page signs in: it counts failed tries, which the admin's does not.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class UserAdmin(UserModelAdmin):
    """Find a person, switch an account off, or let somebody into the admin."""

    list_display = ("email", "name", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fields = (
        "email",
        "name",
        "timezone",
        "is_active",
        "is_staff",
        "is_superuser",
        "date_joined",
        "last_login",
    )
    readonly_fields = ("date_joined", "last_login")

    def has_add_permission(self, request: object) -> bool:
        """People sign up themselves, or an administrator is made with createsuperuser."""
        return False


@admin.register(Notice)
class NoticeAdmin(NoticeModelAdmin):
    """Notices, to read."""

    list_display = ("user", "text", "created_at", "read_at")
    readonly_fields = ("user", "text", "url", "created_at", "read_at")
    list_select_related = ("user",)

    def has_add_permission(self, request: object) -> bool:
        """Only services make notices."""
        return False

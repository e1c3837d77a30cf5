"""Members, for staff: finding them, changing a role, removing somebody."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import SignedInRequest, posted_from
from universities.access import STAFF, access_member, access_university
from universities.models import Role
from universities.selectors import members_of
from universities.services.members import member_remove, member_role_change

MEMBERS_A_PAGE = 50


@login_required
def member_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """List members, found by name, address or id, and by role."""
    university = access_university(request.user, slug, roles=STAFF)
    search, role = request.GET.get("q", "").strip()[:100], request.GET.get("role", "")
    members = members_of(university, search=search, role=role)
    page = Paginator(members, MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    given = {name: value for name, value in (("q", search), ("role", role)) if value}
    context = {
        "university": university,
        "tab": "member-list",
        "page": page,
        "search": search,
        "role": role,
        "roles": Role.choices,
        "query": f"{urlencode(given)}&" if given else "",
    }
    return render(request, "universities/members.html", context)


@login_required
@posted_from("member-list", "slug")
def member_role(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Change what a member may do."""
    university = access_university(request.user, slug, roles=STAFF)
    member = access_member(university, pk)
    role = request.POST.get("role", "")
    try:
        member_role_change(membership=member, role=role, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"{member.user} now has the role {Role(role).label.lower()}.")
    return redirect("member-list", slug)


@login_required
def member_remove_page(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Say what removing does; a POST does it."""
    university = access_university(request.user, slug, roles=STAFF)
    member = access_member(university, pk)
    context = {"university": university, "tab": "member-list", "member": member}
    if request.method != "POST":
        return render(request, "universities/member_remove.html", context)
    try:
        member_remove(membership=member, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("member-list", slug)
    messages.success(request, f"{member.user} is no longer a member.")
    return redirect("member-list", slug)

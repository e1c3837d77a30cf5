"""What is held about a person, declared model by model.

Each app has a ``privacy.py`` that registers its models when Django starts. The export, the page
about deletion and the deletion itself read this registry alone, and a test refuses a text field
of ours that nobody declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db.models import Model, QuerySet

from accounts.models import Consent, Notice, User

Rows = Callable[[User], "QuerySet[Any]"]
Erase = Callable[[User], None]


@dataclass(frozen=True)
class PersonalData:
    """One model that holds something about a person.

    ``rows`` finds a person's rows and ``fields`` are exported (lookups such as
    ``university__name`` may be among them). ``withheld`` names fields that are not exported, with
    the reason. ``erase`` runs when the account is deleted; without it the rows go with the
    account. ``kept`` says in plain words what stays, and without what.
    """

    model: type[Model]
    title: str
    purpose: str
    rows: Rows
    fields: tuple[str, ...]
    withheld: Mapping[str, str] = field(default_factory=dict)
    erase: Erase | None = None
    kept: str = ""

    @property
    def label(self) -> str:
        """The model's name in the export, such as ``accounts.notice``."""
        return str(self.model._meta.label_lower)


class PrivacyRegistry:
    """Every model with personal data, and what stands in the way of a deletion."""

    def __init__(self) -> None:
        self._entries: dict[str, PersonalData] = {}
        self._impersonal: dict[str, str] = {}
        self._obstacles: list[Callable[[User], list[str]]] = []

    def __iter__(self) -> Iterator[PersonalData]:
        return iter(self._entries.values())

    def register(self, entry: PersonalData) -> None:
        """Declare a model that holds personal data; the last word on a model wins."""
        self._entries[entry.label] = entry

    def holds_nothing_personal(self, model: type[Model], reason: str) -> None:
        """Declare a model that says nothing about a person, with the reason."""
        self._impersonal[model._meta.label_lower] = reason

    def obstacle(self, find: Callable[[User], list[str]]) -> None:
        """Add a check that names, in plain words, what must be settled before a deletion."""
        self._obstacles.append(find)

    def obstacles(self, user: User) -> list[str]:
        """Return what must be settled before this person's account can be deleted."""
        return [words for find in self._obstacles for words in find(user)]

    def entry(self, model: type[Model]) -> PersonalData | None:
        """Return what is declared for a model, or None."""
        return self._entries.get(model._meta.label_lower)

    def undeclared_fields(self, model: type[Model], names: list[str]) -> list[str]:
        """Return those of a model's field names that nobody declared."""
        if model._meta.label_lower in self._impersonal:
            return []
        entry = self.entry(model)
        declared = {*entry.fields, *entry.withheld} if entry else set()
        return [name for name in names if name not in declared]


registry = PrivacyRegistry()

registry.register(
    PersonalData(
        model=User,
        title="Your account",
        purpose="To let you sign in and to show times and budgets that fit you.",
        rows=lambda user: User.objects.filter(pk=user.pk),
        fields=(
            "email",
            "name",
            "timezone",
            "interview_date",
            "extra_time",
            "date_joined",
            "last_login",
        ),
        withheld={"password": "only a hash is stored, and it is of no use to you"},
    )
)
registry.register(
    PersonalData(
        model=EmailAddress,
        title="Your e-mail addresses",
        purpose="To know which address is confirmed, and which one you are changing to.",
        rows=lambda user: EmailAddress.objects.filter(user=user),
        fields=("email", "verified", "primary"),
    )
)
registry.register(
    PersonalData(
        model=UserSession,
        title="Browsers you are signed in with",
        purpose="To let you see them and sign them out.",
        rows=lambda user: UserSession.objects.filter(user=user),
        fields=("created_at", "last_seen_at", "ip", "user_agent"),
        withheld={
            "session_key": "it signs the browser in, so it never leaves the server",
            "data": "not used",
        },
    )
)
registry.register(
    PersonalData(
        model=Notice,
        title="Notices",
        purpose="To tell you what happened while you were away.",
        rows=lambda user: Notice.objects.filter(user=user),
        fields=("text", "url", "created_at", "read_at"),
    )
)
registry.register(
    PersonalData(
        model=Consent,
        title="What you agreed to",
        purpose="To do it only while you agree, and to be able to show that you did.",
        rows=lambda user: Consent.objects.filter(user=user),
        fields=("purpose", "words", "recipient", "given_at", "withdrawn_at"),
    )
)

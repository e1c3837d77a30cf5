"""Rows for tests. Each factory makes the smallest row that the product itself could have made."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Notice, User
from questions.case import Case
from questions.case_file import read_case
from questions.models import CaseVersion, Question
from universities.authentication import hash_secret
from universities.models import ApiKey, AuditEvent, Cohort, Invitation, Membership, Role, University

PASSWORD = "a long enough password"
LIBRARY = Path(__file__).resolve().parent.parent / "questions" / "library"
CASE_SLUG = "shop-conversion-falls-in-spain"
KEY_SECRET = "s" * 43


@cache
def library_case(slug: str = CASE_SLUG) -> Case:
    """Read one case of the library, once a process."""
    return read_case(LIBRARY / f"{slug}.yaml")


class UserFactory(DjangoModelFactory[User]):
    """A person with a confirmed e-mail address; PASSWORD signs in."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = ""

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        kwargs.setdefault("password", PASSWORD)
        user = model_class.objects.create_user(*args, **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class NoticeFactory(DjangoModelFactory[Notice]):
    """An unread notice."""

    class Meta:
        model = Notice

    user = factory.SubFactory(UserFactory)
    text = "Your review is there."


class UniversityFactory(DjangoModelFactory[University]):
    """A tenant without members."""

    class Meta:
        model = University

    name = factory.Sequence(lambda n: f"University {n}")
    slug = factory.Sequence(lambda n: f"university-{n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    """A student of a university; give ``role`` for another."""

    class Meta:
        model = Membership

    university = factory.SubFactory(UniversityFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.STUDENT


class CohortFactory(DjangoModelFactory[Cohort]):
    """A cohort; ``members=[membership, ...]`` puts people in."""

    class Meta:
        model = Cohort
        skip_postgeneration_save = True

    university = factory.SubFactory(UniversityFactory)
    name = factory.Sequence(lambda n: f"Cohort {n}")

    @factory.post_generation
    def members(self: Cohort, create: bool, extracted: list[Membership] | None, **_: Any) -> None:
        """Put the given memberships into the cohort."""
        if create and extracted:
            self.members.set(extracted)


class InvitationFactory(DjangoModelFactory[Invitation]):
    """An open invitation; its token is the word in ``token``."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"token-{n}")

    university = factory.SubFactory(UniversityFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.com")
    token_hash = factory.LazyAttribute(lambda row: hash_secret(row.token))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class ApiKeyFactory(DjangoModelFactory[ApiKey]):
    """A living key with no scope; ``bearer(key)`` is the header that sends it."""

    class Meta:
        model = ApiKey

    university = factory.SubFactory(UniversityFactory)
    name = "Reporting"
    prefix = factory.Sequence(lambda n: f"{n:08d}")
    secret_hash = hash_secret(KEY_SECRET)
    scopes = factory.LazyFunction(list)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=365))


def bearer(key: ApiKey) -> dict[str, str]:
    """Return the header that sends a key made by ApiKeyFactory."""
    return {"Authorization": f"Bearer pmc_{key.prefix}_{KEY_SECRET}"}


class AuditEventFactory(DjangoModelFactory[AuditEvent]):
    """Something somebody did in a university."""

    class Meta:
        model = AuditEvent

    university = factory.SubFactory(UniversityFactory)
    action = "member.removed"
    subject = "person@example.com"


class QuestionFactory(DjangoModelFactory[Question]):
    """A published question of the bank, with a current case version unless ``version=None``."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"question-{n}")
    title = factory.Sequence(lambda n: f"Question {n}")
    prompt = "How would you improve the returns of an online shop?"
    type = "root_cause"
    difficulty = "medium"
    minutes = 40
    published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def version(self: Question, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Give the question the library's case as its current version."""
        if create and (extracted is not None or not kwargs.pop("none", False)):
            version = extracted or CaseVersionFactory(question=self)
            Question.objects.filter(pk=self.pk).update(current_version=version)
            self.current_version = version


class CaseVersionFactory(DjangoModelFactory[CaseVersion]):
    """The library's case as version 1 of a question; ``case`` names another Case."""

    class Meta:
        model = CaseVersion

    class Params:
        case = factory.LazyFunction(library_case)

    question = factory.SubFactory(QuestionFactory, version__none=True)
    number = factory.LazyAttribute(lambda row: row.question.versions.count() + 1)
    data = factory.LazyAttribute(lambda row: row.case.to_dict())
    content_hash = factory.Sequence(lambda n: f"{n:064x}")

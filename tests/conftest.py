"""What every test may use: quick settings and a cast of four.

Alice is a student, Bob a coach and Carol career-services staff of one university. Charlie is a
stranger: every private page answers him 404.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from accounts.models import User
from tests.factories import MembershipFactory, UniversityFactory, UserFactory
from universities.models import Role, University

pytest_plugins = ["tests.browser", "tests.migrated_once"]

# The same examples each time, and no deadline: a busy machine is no fault. Many more, and others
# each time, with PYTEST_ARGS=--hypothesis-profile=thorough.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def static_files_are_looked_for_once() -> Iterator[None]:
    """Each test client starts the site anew, which would look at every static file each time."""
    found: dict[str, Any] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def remember(site: WhiteNoiseMiddleware) -> None:
        if not found:
            look(site)
            found.update(site.files)
        site.files = dict(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", remember)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_settings() -> Iterator[None]:
    """A fast password hash, a cache of this process, and one window for all throttles.

    The product's own cache keeps a name, so that its table is made with the others.
    """
    in_process = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    quick = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CACHES={"default": in_process, "product": settings.CACHES["default"]},
    )
    with quick, pytest.MonkeyPatch.context() as patch:
        patch.setattr("accounts.throttling.time", lambda: 0.0)
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Nothing is kept from the test before."""
    cache.clear()


@pytest.fixture
def university(db: None) -> University:
    """The university of Alice, Bob and Carol."""
    return UniversityFactory(name="North University", slug="north")


@pytest.fixture
def alice(university: University) -> User:
    """A student."""
    user = UserFactory(email="alice@example.com", name="Alice")
    MembershipFactory(university=university, user=user, role=Role.STUDENT)
    return user


@pytest.fixture
def bob(university: University) -> User:
    """A coach."""
    user = UserFactory(email="bob@example.com", name="Bob")
    MembershipFactory(university=university, user=user, role=Role.COACH)
    return user


@pytest.fixture
def carol(university: University) -> User:
    """Career-services staff."""
    user = UserFactory(email="carol@example.com", name="Carol")
    MembershipFactory(university=university, user=user, role=Role.STAFF)
    return user


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger, staff of another university."""
    user = UserFactory(email="charlie@example.com", name="Charlie")
    MembershipFactory(
        university=UniversityFactory(name="South University", slug="south"),
        user=user,
        role=Role.STAFF,
    )
    return user


def signed_in(user: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    # As if the browser was listed at sign-in: pages are counted without that write.
    UserSession.objects.create(
        user=user, session_key=client.session.session_key, ip="127.0.0.1", user_agent="Test"
    )
    return client


@pytest.fixture
def as_alice(alice: User) -> Client:
    """Alice's browser."""
    return signed_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    """Bob's browser."""
    return signed_in(bob)


@pytest.fixture
def as_carol(carol: User) -> Client:
    """Carol's browser."""
    return signed_in(carol)


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    """The stranger's browser."""
    return signed_in(charlie)

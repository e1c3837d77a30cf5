"""Kinds of pretotype, what people give in them, and the doubts they answer, in our own words.

The names are Alberto Savoia's (Pretotype It; The Right It); the advice is written here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of pretotype. ``cost`` orders kinds from the cheapest; ``evidence`` is the highest
    level that it can reach, ``doubts`` what it can answer."""

    id: str
    name: str
    what: str
    fits: str
    cost: int
    evidence: int
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """What people put in: the more it costs them, the more it says."""

    level: int
    name: str
    says: str


DOUBTS: dict[str, str] = {
    "want": "Would people want it at all?",
    "use": "Would they use it, and go on using it?",
    "pay": "Would they pay for it?",
    "elsewhere": "Would it work with other people or elsewhere?",
}

LEVELS: tuple[Level, ...] = (
    Level(0, "words", "An opinion, a like, “I would buy that”: costs nothing and says nothing."),
    Level(1, "a click or an address", "Interest. Most who leave an address never come back."),
    Level(2, "time", "A visit, a call, a trial: people paid with an hour they do not get back."),
    Level(3, "a deposit", "Money one can have back, or a promise that others see."),
    Level(4, "money or habit", "A purchase, or use again and again without being asked."),
)

KINDS: tuple[Kind, ...] = (
    Kind(
        "fake_door",
        "Fake door",
        "Offer it where people would find it, a button or a page, before it exists. Count who"
        " tries the handle, then say that it is not there yet.",
        "You can reach the right people cheaply and nobody is hurt by a “not yet”.",
        1,
        1,
        ("want", "elsewhere"),
    ),
    Kind(
        "relabel",
        "Re-label",
        "Put another label on what exists already and offer it as the new thing.",
        "Something close exists and only its name, price or place is in question.",
        2,
        4,
        ("want", "pay"),
    ),
    Kind(
        "youtube",
        "YouTube",
        "Show in a short film how it will work, and give those who watch something to do.",
        "It is hard to explain and easy to see. A view is no evidence; what they do next is.",
        3,
        3,
        ("want",),
    ),
    Kind(
        "pinocchio",
        "Pinocchio",
        "Carry a dummy without its works, and act for some days as if it worked.",
        "The question is whether it would have a place in a day: how often would you reach for it?",
        3,
        2,
        ("use",),
    ),
    Kind(
        "facade",
        "Facade",
        "A front that takes real orders; behind it you fill the first few by hand at a loss, or"
        " give the money back.",
        "Price is in question, and ten orders can be filled without building.",
        4,
        4,
        ("pay", "want"),
    ),
    Kind(
        "mechanical_turk",
        "Mechanical Turk",
        "A person does behind the curtain what the machine will do.",
        "The machine is dear to build, and one person can stand in for it for twenty users.",
        5,
        4,
        ("use", "pay"),
    ),
    Kind(
        "impostor",
        "Impostor",
        "Take a product that exists, dress it as yours, and offer that.",
        "A rival’s or a white-label product does nearly the same, and its makers do not mind.",
        5,
        4,
        ("pay", "use"),
    ),
    Kind(
        "infiltrator",
        "Infiltrator",
        "Slip your product into a shop or a page where people buy such things already.",
        "A sample exists and the doubt is whether it is taken between the others.",
        6,
        4,
        ("pay", "want"),
    ),
    Kind(
        "one_night_stand",
        "One-night stand",
        "The whole service, once: one evening, one street, one weekend.",
        "It must be lived through to be judged, and one day of it can be set up by hand.",
        7,
        4,
        ("use", "pay"),
    ),
    Kind(
        "provincial",
        "Provincial",
        "The real thing, in one small place first.",
        "It works already and the doubt is about scale or another market. Dear: do a cheaper one"
        " before.",
        8,
        4,
        ("elsewhere",),
    ),
)


def kind_of(kind_id: str) -> Kind | None:
    """Return a kind by its id, or None."""
    return next((kind for kind in KINDS if kind.id == kind_id), None)


def kinds_for(doubt: str) -> tuple[Kind, ...]:
    """Return the kinds that answer a doubt, the cheapest first; all of them without a doubt."""
    return tuple(
        sorted((k for k in KINDS if not doubt or doubt in k.doubts), key=lambda kind: kind.cost)
    )

"""The sides of a market: who has to want the answer, and the words that name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coach.assessment.text import stem, stems

_SIDES = re.compile(r"\b(?:sides?|groups?)\s*:\s*([^.]+)", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^)]*\)")
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "buyer": ("shopper", "customer", "viewer", "visitor", "user", "consumer"),
    "shopper": ("buyer", "customer", "viewer", "visitor", "user"),
    "customer": ("buyer", "shopper", "user", "visitor", "eater", "diner"),
    "seller": ("shop", "merchant", "vendor", "brand", "reseller", "store"),
    "creator": ("influencer", "affiliate", "streamer", "author", "artist"),
    "driver": ("courier", "rider"),
    "guest": ("traveler", "traveller", "renter"),
    "host": ("landlord", "owner"),
    "restaurant": ("kitchen", "cook", "canteen"),
    "student": ("learner", "pupil"),
    "teacher": ("tutor", "instructor", "lecturer"),
    "courier": ("driver", "rider"),
    "eater": ("customer", "diner"),
    "advertiser": ("brand",),
    "patient": ("people",),
}

_SIDES_OF_MARKETS = (
    "shopper", "seller", "merchant", "vendor", "creator", "rider", "courier", "eater", "hotel",
    "traveler", "listener", "podcaster", "viewer", "reader", "writer", "doctor", "employer",
    "seeker", "candidate", "publisher", "developer", "player", "landlord", "tenant", "picker",
    "freelancer", "client", "recruiter", "volunteer",
)  # fmt: skip
"""People who meet on a market, beside those of _ALIASES, as descriptions call them."""


@dataclass(frozen=True)
class Side:
    """One side of the market and the words that name it (stems)."""

    name: str
    stems: frozenset[str]


def _stems_of(name: str) -> frozenset[str]:
    base = stem(name.lower().split()[-1])
    names = [name, *next((v for k, v in _ALIASES.items() if stem(k) == base), ())]
    return frozenset(stem(part) for n in names for part in n.lower().split()[-1:])


def side_of(name: str) -> Side:
    """The side of that name, with the words it also goes by."""
    return Side(name, _stems_of(name))


def _people_in(background: str) -> list[str]:
    """Kinds of people a product brings together, many of each, as a description names them."""
    told = " ".join(s for s in re.split(r"(?<=[.;])\s", background) if "ival" not in s).lower()
    known = {*_ALIASES, *_SIDES_OF_MARKETS}
    words = [w for w in re.findall(r"[a-z-]+", told) if w in known or w.removesuffix("s") in known]
    return list(dict.fromkeys(w if w not in known else f"{w}s" for w in words))


def distinct(sides: Iterable[Side], product: str) -> tuple[Side, ...]:
    """Sides whose words do not clash: a word belongs to the first side that names it.

    Words of the product's own name belong to none: "Shop" in "TikTok Shop" names no seller.
    """
    taken: set[str] = set(stems(product))
    out = []
    for side in sides:
        out.append(Side(side.name, frozenset(side.stems - taken)))
        taken |= side.stems
    return tuple(side for side in out if side.stems)


def sides_in(background: str) -> list[Side]:
    """The sides a description lists ("Two sides: ..."), else those it speaks of, in order."""
    listed = _SIDES.search(_BRACKETS.sub("", background))
    names = re.split(r",|\band\b", listed.group(1)) if listed else _people_in(background)
    return [
        side_of(re.split(r"\bwho\b|\bthat\b|\bwith\b", n)[0].strip()) for n in names if n.strip()
    ]

"""The words in which people put numbers: one place for every list the claim reader uses."""

from collections.abc import Iterable


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set: a list of words is easier to read and to extend so."""
    return frozenset(text.split())


# What a pattern without regard to case takes for i, s and k besides them.
_ALIKE = str.maketrans({"İ": "i", "ı": "i", "ſ": "s", "\u212a": "k"})


def lowered(text: str) -> str:
    """Return a text in lower case, to look for the words without which a pattern cannot match."""
    return (text if text.isascii() else text.translate(_ALIKE)).lower()


def has_any(text: str, parts: tuple[str, ...]) -> bool:
    """Return whether a text in lower case holds one of the parts; far quicker than a pattern."""
    for part in parts:  # noqa: SIM110 - a generator would cost more than the search
        if part in text:
            return True
    return False


def needed(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the parts without those that hold another: enough to ask `has_any` for them all."""
    every = tuple(dict.fromkeys(parts))
    return tuple(one for one in every if not any(o in one for o in every if o != one))


CURRENCIES = {
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur",
    "$": "usd", "usd": "usd", "us$": "usd", "dollar": "usd", "dollars": "usd",
    "£": "gbp", "gbp": "gbp", "pound": "gbp", "pounds": "gbp",
}  # fmt: skip
CURRENCY_BEFORE = r"€|US\$|\$|£|\bEUR\b|\bUSD\b|\bGBP\b"
SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "mil": 1e6,
    "millions": 1e6, "thousands": 1e3, "b": 1e9, "bn": 1e9, "billion": 1e9, "billions": 1e9,
}  # fmt: skip
SCALE_WORDS = r"thousands?|millions?|billions?|mio|mn|bn|mil"
SCALE_LETTERS = r"[kK]|[mM](?:n|io)?|bn|B"
PERCENT_WORDS = ("%", "percent", "percents", "per cent", "pct")
POINT_WORDS = (
    "percentage points", "percentage point", "points", "point", "pp", "pts", "p.p.", "%-points",
    "% points", "percent points", "pts.", "ppt", "ppts", "percentage-points", "percentage-point",
)  # fmt: skip
BASIS_POINTS = ("bps", "basis points", "bp", "basis point")
UNIT_AFTER = (
    r"percentage[\s-]points?\b|percent\s+points\b|%[\s-]points\b|%|percents?\b|per\s+cent\b|pct\b|"
    r"basis\s+points?\b|bps\b|points?\b|pp\b|ppts?\b|pts\b|p\.p\.|"
    r"times\b|fold\b|x\b|€|\$|£|EUR\b|USD\b|GBP\b|euros?\b|dollars?\b|pounds?\b|"
    r"cents?\b|pence\b|¢|(?<=\d)p\b(?!\.)"
)
# A hundredth of some money; which money is not said.
HUNDREDTHS = ("cent", "cents", "pence", "¢", "p")
NUMBERS = {
    "a": 1, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
NUMBER_WORDS = (
    "|".join(word for word in NUMBERS if word != "a") + "|hundred|thousand|million|billion"
)
PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
FRACTIONS = "|".join(PARTS)
NTH = {"second": 2, "other": 2, **{p: n for p, n in PARTS.items() if p not in ("half", "quarter")}}
ORDINALS = "|".join(NTH)
ONE_MONEY = r"dollar|euro|pound|penny|cent"
SMALL_MONEY = {"penny": 0.01, "cent": 0.01}
MULTIPLES = {
    "double": 2.0, "doubles": 2.0, "doubled": 2.0, "doubling": 2.0, "twice": 2.0,
    "triple": 3.0, "triples": 3.0, "tripled": 3.0, "tripling": 3.0, "thrice": 3.0,
    "quadruple": 4.0, "quadruples": 4.0, "quadrupled": 4.0,
    "halve": 0.5, "halves": 0.5, "halved": 0.5, "halving": 0.5,
    "tenfold": 10.0, "twofold": 2.0, "threefold": 3.0, "fourfold": 4.0, "fivefold": 5.0,
}  # fmt: skip
ABOUT = (
    r"\babout|\broughly|\baround|\bapproximately|\bapprox\.?|\bcirca|\bca\.?|\bsome|\bnearly|"
    r"\balmost|\bclose\s+to|\b(?:just\s+)?(?:shy|short)\s+of|~|≈"
)
OVER = (
    r"\bmore\s+than|\bover|\bat\s+least|\babove|\bexceed(?:s|ing)?|\bno\s+less\s+than|\bwell\s+over"
)
UNDER = (
    r"\bless\s+than|\bfewer\s+than|\bunder|\bbelow|\bat\s+most|\bup\s+to|\bno\s+more\s+than|"
    r"\bnot\s+more\s+than|\bnot\s+even"
)

MORE = word_set(
    "more higher bigger larger greater increase increases increased increasing rise rises "
    "rising rose raise raises raised raising grow grows growing grew growth gain gains lift "
    "lifts lifted lifting uplift jump jumps boost boosts up extra additional another add adds "
    "added climbs climb climbed longer increment plus expands faster pushes push"
)
LESS = word_set(
    "fewer less lower smaller decrease decreases decreased decreasing drop drops dropped fall "
    "falls fell falling decline declines cut cuts cutting reduce reduces reduced reducing "
    "reduction down shrink shrinks lose loses losing loss worse shorter minus sinks sink cheaper "
    "slump shaves"
)
# Words of change that do not say in which direction the figure goes.
NEUTRAL = frozenset(
    [
        "save",
        "saves",
        "saved",
        "spare",
        "spares",
        "spared",
        "avoids",
        "avoid",
        "improvement",
        "improve",
        "improves",
        "improved",
        "improving",
        "better",
        "change",
        "difference",
    ]
)
CHANGES = MORE | LESS | NEUTRAL
# "... by 10 % cuts the revenue": a verb of the next part, no "10 % fewer".
PREDICATES = frozenset(
    word
    for word in MORE | LESS | NEUTRAL
    if word.endswith("s") and {word[:-1], word[:-2]} & (MORE | LESS | NEUTRAL)
)
LOWER_IS_BETTER = ("return", "churn", "cost", "cac", "abandon", "late", "refund", "cancel", "wait")
# How the names of flows out of a stock and into it begin, and the verbs for them.
OUTFLOW = ("los", "leav", "left", "quit", "cancel", "churn", "unsub")
INFLOW = ("new", "gain", "win", "won", "join", "acquir", "sign")
KEPT_SHARES = ("margin", "take", "commission", "fee", "keep", "cut")
GOALS = word_set("target goal aim want wants hope need needs should must")
GOAL_VERBS = frozenset(["get", "reach", "hit", "achieve", "arrive", "grow", "bring"])
DELTA = word_set(
    "save saves saved spare avoid extra additional another more fewer less add adds lose gain gains"
)
HYPOTHESIS = word_set(
    "must win wins ought require requires needed if would could should suppose supposing "
    "assume assuming were when hope hopes want wants "
    "aim aims target goal need needs raise raises raising lift lifts lifting expect expects "
    "bring brings bringing move moves moving take takes push pushes get gets getting increase "
    "increasing improve improves improving grow cut cuts cutting reduce reduces reducing "
    "reach reaching achieve instead might may will 'd once imagine plan goes go going jump "
    "jumps lowers lower drop drops falls rises climbs had becomes make makes"
)
FACTUAL = word_set("is are our today's today currently current now has have stands sits")
STANDS = word_set("is are stands stand sits sit lies lie remains runs stays currently")
PREMISE = word_set(
    "if when with suppose supposing assume assuming once given imagine were should by"
)
# A new verb begins here, so words of change behind it belong to another number.
NEW_VERB = word_set(
    "we i they it you would will could should can may might is are was were that this one"
)
RESULT = word_set(
    "so then means mean gives give giving which therefore hence thus yields makes leads "
    "results that's ends becomes brings get"
)
PLANNING = word_set(
    "talked tested asked interviewed visited watched surveyed phoned called observed "
    "talk talking speak speaking interview interviewing interviews survey ask invite recruit "
    "watch observe solutions ideas segments steps reasons options features hypotheses "
    "questions things teams engineers designers sprint sprints version metrics groups "
    "personas concepts prototypes brainstorm shortlist"
)
TODAY = frozenset(["today", "today's", "current", "present", "baseline", "now", "existing"])
PERIODS = {
    "second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0,
    "month": 30.0, "quarter": 90.0, "year": 360.0,
}  # fmt: skip
PERIOD_WORDS = {
    "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annual": "year", "annually": "year",
}  # fmt: skip

# What a metric may be called besides its label. The key is a word of the symbol, label or aliases.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "visitors": ("visitor", "people visit", "visits", "traffic"),
    "orders": ("purchases", "sales", "parcels"),
    "returns": ("sent back", "send back", "come back", "comes back", "returned", "return"),
    "return": ("sent back", "send back", "come back", "comes back", "returned", "parcel back"),
    "aov": ("basket", "order value", "average order", "per order", "basket size", "basket value"),
    "gmv": ("merchandise value", "goods sold", "sales value", "gross sales", "gross volume"),
    "bookings": ("booked", "booking value", "gross bookings"),
    "revenue": ("income", "turnover", "earn", "earns", "earnings"),
    "commission": ("own revenue", "earn", "earns", "keep", "keeps", "fee income", "our cut"),
    "cac": ("acquisition cost", "win a customer", "acquire a customer", "new customer costs"),
    "payback": (
        "paid back",
        "pays back",
        "pay back",
        "earned back",
        "earn back",
        "earns back",
        "recoup",
        "recouped",
        "recoups",
        "recover",
        "recovered",
        "break even",
    ),
    "churn": ("cancel", "cancels", "cancellation", "churned", "leave", "leaves", "quit"),
    "subscribers": ("members", "subscriptions", "paying users"),
    "trials": ("trial", "trial users", "trialists"),
    "rides": ("trips", "ride", "trip"),
    "trips": ("rides", "ride", "trip"),
    "fare": ("price of a ride", "fares"),
    "price": ("fee",),
    "conversion": ("convert", "converts", "buy", "converting"),
    "repeat": ("order again", "buy again", "come again"),
    "retention": ("stay", "stays", "retained"),
    "lifetime": ("stays for", "stay for", "stays", "stay", "lasts"),
    "calls": ("ring", "rings", "phone", "phones", "calls us", "call us"),
    "riders": ("rider", "passengers"),
    "buyers": ("people buy", "buy", "people who buy", "buyer", "paying customers"),
    "arppu": ("spends", "spend per buyer", "spend per customer"),
    "spend": ("spends",),
}

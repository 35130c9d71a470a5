"""Abbreviations that end in a full stop, without it, by what the stop may mean."""

from bot.dates.names import MONTH_ABBREVIATIONS, WEEKDAY_ABBREVIATIONS

_PERSON_TITLES = frozenset(
    [
        "Adm",
        "Atty",
        "Brig",
        "Capt",
        "Cmdr",
        "Col",
        "Cpl",
        "Dr",
        "Fr",
        "Gen",
        "Gens",
        "Gov",
        "Govs",
        "Hon",
        "Lt",
        "Maj",
        "Messrs",
        "Mr",
        "Mrs",
        "Ms",
        "Pfc",
        "Pres",
        "Prof",
        "Pvt",
        "Rep",
        "Reps",
        "Rev",
        "Sec",
        "Sen",
        "Sens",
        "Sgt",
        "Spc",
        "Supt",
        "DR",
        "GOV",
        "MR",
        "MRS",
        "REP",
        "SEN",
    ]
)
_PLACE_PREFIXES = frozenset({"Ft", "Mt"})
_CONNECTIVES = frozenset(["approx", "ca", "cf", "e.g", "i.e", "v", "viz", "vs"])

PREFIXES = _PERSON_TITLES | _PLACE_PREFIXES | _CONNECTIVES
"""They stand before a name or a number, and end no sentence."""

NUMBER_PREFIXES = frozenset(
    ["Art", "Ch", "Fig", "No", "Nos", "Op", "Pt", "Vol", "fig", "no", "nos", "p", "pp", "vol"]
)
"""They end no sentence before a number."""

_STATES = frozenset(
    [
        "Ala",
        "Ariz",
        "Ark",
        "Calif",
        "Colo",
        "Conn",
        "Del",
        "Fla",
        "Ga",
        "Ill",
        "Ind",
        "Kan",
        "Ky",
        "La",
        "Mass",
        "Md",
        "Mich",
        "Minn",
        "Miss",
        "Mo",
        "Mont",
        "Neb",
        "Nev",
        "Okla",
        "Ore",
        "Pa",
        "Tenn",
        "Tex",
        "Va",
        "Vt",
        "Wash",
        "Wis",
        "Wyo",
    ]
)
_NAME_PARTS = frozenset(
    [
        "Assn",
        "Ave",
        "Blvd",
        "Bros",
        "Co",
        "Corp",
        "Dept",
        "Est",
        "Inc",
        "Jr",
        "Ltd",
        "Pct",
        "Pop",
        "Rd",
        "Sq",
        "Sr",
        "St",
        "Univ",
        "JR",
        "SR",
        "ST",
        "avg",
        "dept",
        "est",
        "etc",
        "pct",
    ]
)
_NAMES_WITH_STOP = frozenset({"Jeopardy", "Yahoo"})
_NEVER_SHORTENED = frozenset({"May", "Jun", "Jul", "Thur", "Sat", "Sun"})
"""They are words as they stand, or news does not shorten them so."""

ABBREVIATIONS = (
    _STATES
    | _NAME_PARTS
    | _NAMES_WITH_STOP
    | (frozenset((*MONTH_ABBREVIATIONS, *WEEKDAY_ABBREVIATIONS)) - _NEVER_SHORTENED)
)
"""They end a sentence only before a word that clearly begins one."""

TIME_ABBREVIATIONS = frozenset({"a.m", "p.m", "A.M", "P.M"})
"""They end a sentence unless a time goes on behind them."""

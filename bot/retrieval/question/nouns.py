"""Nouns for persons and organisations, in questions and in articles. English throughout."""

_OFFICES = ("president", "minister", "senator", "judge")
_PUBLIC_BODIES = ("court", "agency", "ministry", "committee")
_BUSINESSES = ("company", "firm")

TITLE_NOUNS = (
    *_OFFICES,
    *("governor", "mayor", "leader", "king", "queen", "prince", "princess", "general", "coach"),
    "captain",
    *_PUBLIC_BODIES,
    *("department", "university", "airport", "hospital"),
)
"""They stand beside the name of the person or the organisation that they mean."""

NAMED_NOUNS = (
    *TITLE_NOUNS,
    *_BUSINESSES,
    *("country", "city", "state", "team", "film", "movie"),
)
"""What they mean has a name."""

ORGANISATION_NOUNS = (*_BUSINESSES, "startup", "group", "agency")
"""An article refers to an organisation by them once it has named it."""

AGENT_NOUNS = (
    *_OFFICES,
    *_PUBLIC_BODIES,
    *_BUSINESSES,
    *("agencies", "army", "authorities", "commission", "congress", "council", "doctors", "founder"),
    *("government", "group", "head", "investors", "jury", "lawmaker", "lawmakers", "man", "men"),
    *("military", "navy", "official", "officials", "parliament", "police", "prosecutors"),
    *("protesters", "regulators", "researchers", "scientists", "senators", "shareholders"),
    *("soldiers", "spokesman", "spokesperson", "spokeswoman", "startup", "students", "team"),
    *("union", "voters", "woman", "women", "workers"),
)
"""They may be the answer to a question that asks who."""

PEOPLE_NOUNS = (
    *("casualties", "children", "dead", "death", "deaths", "died", "employees", "fatalities"),
    *("injured", "killed", "lives", "members", "men", "passengers", "people", "person", "persons"),
    *("residents", "victims", "women", "workers", "wounded"),
)
"""They tell that people are counted."""

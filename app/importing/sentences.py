"""How long a sentence is. Pure."""

import re
from functools import lru_cache

from app.importing.dates import UnreadableDate, first_date

LIFE = 99.0
"""Life and death, in years (docs/matching.md, FACTS.json); no term counts for more."""

_ENDLESS = re.compile(r"\b(?:life|lifelong|death|пожизнен\w*|смертн\w*|пажыццёв\w*|смяротн\w*)\b")
_YEARS = re.compile(
    r"(?<![\d.,/-])(?P<whole>\d{1,4})(?:[.,](?P<decimals>\d{1,2}))?"
    r"(?:\s+(?P<over>[123])/(?P<under>[234])|\s?(?P<sign>[¼½¾]))?"
    r"\s*(?:years?|yrs?|год(?:а|оў|ов)?|гад(?:ы|оў)|лет|г\.)(?!\w)"
)
_MONTHS = re.compile(r"(?<![\d.,/-])(?P<months>\d{1,3})\s*(?:months?|мес(?:яц\w*|\.)?|месяц\w*)(?!\w)")
_SIGNS = {"¼": 0.25, "½": 0.5, "¾": 0.75}


@lru_cache(maxsize=1 << 14)
def sentence_years(text: str) -> float | None:
    """The sentence in years: "4 1/2 years" is 4.5, "3 года 6 месяцев" is 3.5, life and death are `LIFE`.

    None where the text names no term (a fine, a day of release) or several: to add or to choose is a person's work.
    """
    line = text.casefold()
    if _ENDLESS.search(line):
        return LIFE
    years, months = list(_YEARS.finditer(line)), list(_MONTHS.finditer(line))
    if len(years) > 1 or len(months) > 1 or not (years or months):
        return None
    total = sum(map(_years, years)) + sum(int(found["months"]) / 12 for found in months)
    return min(round(total, 2), LIFE) or None


def _years(found: re.Match[str]) -> float:
    value = float(f"{found['whole']}.{found['decimals'] or 0}")
    if found["over"]:
        value += int(found["over"]) / int(found["under"])
    return value + _SIGNS.get(found["sign"] or "", 0.0)


@lru_cache(maxsize=1 << 14)
def is_a_date(text: str) -> bool:
    """Whether the cell is a date, as in lists that give the day a sentence ends; raises ImpossibleDate as dates do."""
    try:
        first_date(text)
    except UnreadableDate:
        return False
    return True

"""What a row says of how somebody is held: the list's status, the detention status, the gender. Pure."""

import re
from functools import lru_cache

from app.importing.records import ListStatus, StagedFacility
from app.vocabulary import DetentionStatus, FacilityKind, Gender

_STATUSES = tuple(
    (re.compile(words), status)
    for words, status in (
        (r"\b(?:died|deceased|dead)\b|умер|погиб|сконча|памёр|памер|загіну", ListStatus.DIED),
        (r"^np$|\bnot (?:a )?(?:political|recogni)|never recogni|не призна|не прызна", ListStatus.NOT_RECOGNISED),
        (r"^former\b|ex post facto|\breleased\b|^бывш|постфактум|освобожд|^был|вызвал", ListStatus.FORMER),
        (
            r"^active$|^held$|political prisoner|\b(?:detained|imprisoned|in custody|in prison)\b|политз|палітв|палітз",
            ListStatus.HELD,
        ),
    )
)

_GENDERS = {
    Gender.FEMALE: "female f woman женщина женский ж жен. жанчына жаночы 女",
    Gender.MALE: "male m man мужчина мужской м муж. мужчына мужчынскі 男",
    Gender.OTHER: "other non-binary nonbinary x другой другое іншы",
}
_GENDER = {word: gender for gender, words in _GENDERS.items() for word in words.split()}

_AT_HOME = re.compile(r"home confinement|house arrest|domashn|домашн|хатн|без направления|без накіравання")
_BEFORE_TRIAL = re.compile(r"^(?:detention|pre-?trial detention|awaiting trial|под стражей|пад вартай)$")


@lru_cache(maxsize=1 << 10)
def read_status(text: str) -> ListStatus | None:
    """The status that the cell states; None for words that nobody has taught us."""
    folded = text.casefold()
    return next((status for words, status in _STATUSES if words.search(folded)), None)


@lru_cache(maxsize=1 << 10)
def read_gender(text: str) -> Gender | None:
    """The gender that the cell states, in English, Russian, Belarusian or Chinese."""
    return _GENDER.get(text.casefold())


def detention_status(
    *,
    status: ListStatus,
    arrested: bool,
    verdict: bool,
    sentence: str,
    penalty: str,
    facility: StagedFacility | None,
    place: str,
) -> DetentionStatus:
    """How the row says that somebody is held; the first that applies.

    Died or former: that end of the detention. Penalty, sentence or place name home confinement: that. A sentence that
    is only "detention", or no verdict, sentence or penalty at all and not in a colony or an open facility, which hold
    the convicted only: awaiting trial, where the row gives an arrest or a pre-trial centre. Any word of a verdict:
    convicted. Where nothing says: unknown, and a coordinator finds out (docs/matching.md, `detention_unknown`).
    """
    if status is ListStatus.DIED:
        return DetentionStatus.DIED_IN_CUSTODY
    if status is ListStatus.FORMER:
        return DetentionStatus.RELEASED
    if _AT_HOME.search(f"{penalty}\n{sentence}\n{place}".casefold()):
        return DetentionStatus.HOME_CONFINEMENT
    if _BEFORE_TRIAL.match(sentence.casefold()) and not verdict:
        return DetentionStatus.AWAITING_TRIAL
    kind = facility.kind if facility else None
    if verdict or sentence or penalty or kind in (FacilityKind.COLONY, FacilityKind.OPEN_FACILITY):
        return DetentionStatus.CONVICTED
    if arrested or kind is FacilityKind.PRETRIAL:
        return DetentionStatus.AWAITING_TRIAL
    return DetentionStatus.UNKNOWN

"""What the demo tells of a prisoner: an occupation and a story of one to three sentences. Pure.

Our own words throughout. No organisation, no event and nobody who exists is named.
"""

from app.demo.dice import Dice
from app.vocabulary import ProfessionGroup as Group

OCCUPATIONS: dict[Group, tuple[str, ...]] = {
    Group.MEDIA: ("reporter", "photographer", "sound editor", "proofreader"),
    Group.POLITICS: ("member of a district council", "campaign volunteer", "election observer"),
    Group.ARTS: ("puppeteer", "set painter", "choir singer", "bookbinder"),
    Group.SPORT: ("rowing coach", "swimming teacher", "marathon runner"),
    Group.SCIENCE: ("botanist", "laboratory chemist", "map historian"),
    Group.EDUCATION: ("primary school teacher", "lecturer in geometry", "school librarian"),
    Group.MEDICINE: ("ambulance doctor", "nurse", "dental technician"),
    Group.LAW: ("notary's clerk", "solicitor", "legal adviser"),
    Group.BUSINESS: ("owner of a bicycle shop", "baker", "accountant"),
    Group.ENGINEERING: ("bridge engineer", "railway planner", "power plant technician"),
    Group.IT: ("programmer", "tester of games", "network administrator"),
    Group.TRADES: ("carpenter", "bus driver", "beekeeper", "welder"),
    Group.STUDENTS: ("student of philology", "student of physics", "pupil"),
    Group.CLERGY: ("parish priest", "church organist"),
    Group.SECURITY: ("former fire officer", "retired border guard"),
    Group.OTHER: ("pensioner", "gardener", "stay-at-home parent"),
}

_BEGINNINGS = (
    "{given}, {article} {work}, was detained at home early one morning and taken away without a coat.",
    "{given}, {article} {work} from the {area}, left a balcony full of plants that the neighbours water.",
    "A comment under a photograph of a street was enough: {given}, {article} {work}, was sentenced for it.",
    "{given} worked as {article} {work} for years and was known for never being late.",
    "After carrying a paper flower across a square, {given}, {article} {work}, was not let go.",
    "{given} had collected money for other families' parcels; a court called that a crime.",
    "{given}, {article} {work}, signed a petition about a park, and was asked about it two years later.",
    "Colleagues describe {given}, {article} {work}, as the person who repaired everything and asked for nothing.",
)
_MIDDLES = (
    "The hearing took two days, and nobody from outside was let in.",
    "Letters from strangers were read aloud in the cell, as far as we know.",
    "A request for a new pair of glasses was turned down twice.",
    "Since the last transfer, news has come seldom.",
    "Work there is in the sewing shop, six days a week.",
    "Parcels have been allowed again since spring.",
)
_ENDINGS = (
    "Loves crosswords and long walks.",
    "Writes back about books whenever that is possible.",
    "Is learning Italian from a dictionary without a cover.",
    "Misses an old dog and the smell of rain.",
    "Would like to hear about gardens, seas and trains.",
    "Draws small maps of places that do not exist.",
    "Asks everyone what they are cooking.",
    "Knows half of a long poem by heart and would like the other half.",
)
_LONG_SHARE, _SHORT_SHARE = 0.45, 0.25


def occupation(group: Group, dice: Dice) -> str:
    """What somebody of the profession group worked as."""
    return dice.pick(OCCUPATIONS[group])


def story(*, given: str, work: str, area: str, dice: Dice) -> str:
    """One to three sentences about somebody."""
    article = "an" if work[0] in "aeiou" else "a"
    sentences = [dice.pick(_BEGINNINGS).format(given=given, work=work, area=area, article=article)]
    if dice.chance(_LONG_SHARE):
        sentences.append(dice.pick(_MIDDLES))
    if not dice.chance(_SHORT_SHARE):
        sentences.append(dice.pick(_ENDINGS))
    return " ".join(sentences)

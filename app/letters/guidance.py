"""The first guidance for somebody who writes to a prisoner, as data (domain.md, letters 1 to 10). Pure.

The sentences are English and marked for translation; whoever shows them translates them.
"""

from collections.abc import Mapping
from typing import Final

from app.placeholders import N_
from app.vocabulary import MailAccess

WRITE: Final = (
    N_(
        "Say who you are in a line or two, with nothing by which you could be found. "
        "A first name or a pen name will do."
    ),
    N_("Write everything in their letters, your name and your town too: foreign letters may be stopped."),
    N_(
        "Then everyday things: the weather, a book, a film, a dog, your town, what you cook. "
        "A drawing or a puzzle is welcome."
    ),
    N_("Wish them health and strength. “Hang in there” alone is little; a small true story is much."),
    N_("Be honest about how often you can write. Stopping hurts more than writing rarely."),
    N_("Write so that an answer is possible and not expected. Never promise one, and don't ask for one."),
)

AVOID: Final = (
    N_("No politics, no war, nothing about the criminal case or about others who are held."),
    N_(
        "No hints, no abbreviations, no foreign words, no slogans. "
        "Even “freedom” or “fight”, said in jest, may stop a letter."
    ),
    N_("Nothing that others inside could turn against them: leave out LGBTQ+ topics, insults and swearing."),
    N_("No emoji, no stickers, no links, no telephone numbers, no addresses, no surnames."),
)

PROMPTS: Final = (
    N_("What did you see from your window this morning?"),
    N_("What have you cooked or baked lately, and how is it made?"),
    N_("Which book or film would you tell a friend about?"),
    N_("What is your town known for, and what do you like there that nobody knows?"),
    N_("Which animal, plant or child made you laugh this week?"),
    N_("What do you wish them, in one plain sentence?"),
)

MAIL_ACCESS: Final[Mapping[MailAccess, str]] = {
    MailAccess.OPEN: N_("Letters arrive here as a rule. Nobody can know of a single one unless the person says so."),
    MailAccess.SELECTIVE: N_(
        "Some letters arrive here and some are held back. "
        "Write all the same: those who guard them see that somebody is watching."
    ),
    MailAccess.RELATIVES_ONLY: N_(
        "As a rule only relatives' letters arrive here. Letters still help: those who guard them see that somebody is "
        "watching. Write rarely, and expect nothing."
    ),
    MailAccess.INCOMMUNICADO: N_(
        "This person gets no mail at present. Write and keep the letters: they can be given later."
    ),
    MailAccess.UNKNOWN: N_(
        "We don't know whether letters arrive here. "
        "Write all the same: those who guard them see that somebody is watching."
    ),
}

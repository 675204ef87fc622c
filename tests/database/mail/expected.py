"""What each mail says, word for word: its subject and its text, and where its links lead.

LINK, ANSWERS and UNSUBSCRIBE stand for addresses of the site that PATHS and CHOICES describe.
"""

from app.mail.outbox import Message

GO_ON = "Yes, I go on: ANSWERS/go_on\n\n"
LATER = "Remind me in a week: ANSWERS/later\n\n"
PAUSE = "I need a pause: ANSWERS/pause\n\n"
ANSWERS = "It is in the post: ANSWERS/sent\n\n" + LATER + PAUSE
ENDING = "Get no more reminders like this one: UNSUBSCRIBE\n\n"
FOOT = "You get this mail because this address was used to sign up with us. We\nnever ask for a password by mail.\n"
GIVEN = "You get this mail because somebody gave us this address. We never ask\nfor a password by mail.\n"

EXPECTED = {
    Message.CONFIRM_ADDRESS: (
        "Please confirm your address",
        "Somebody, most likely you, has just signed up with this address. Open\n"
        "the link and type your password there to say that the address is yours.\n\n"
        "LINK\n\n"
        "The link works once, and for one hour. If it is too late for it, the\n"
        "page where one logs in leads to a new one.\n\n"
        "If it was not you, do nothing: without the link nobody can use your\n"
        "address here.\n\n" + FOOT,
    ),
    Message.ALREADY_REGISTERED: (
        "You have an account already",
        "Somebody has just tried to sign up with this address. It has an account\n"
        "here already, so nothing was changed.\n\n"
        "If it was you, log in as usual.\n\n"
        "LINK\n\n"
        "If it was not you, there is nothing that you need to do.\n\n" + FOOT,
    ),
    Message.SPONSOR_VETTED: (
        "Your sign-up is complete",
        "We have read what you told us, and your sign-up is complete.\n\n"
        "We now look for somebody who suits you. That can take a few weeks. We\n"
        "will mail you as soon as we have found them; until then there is nothing\n"
        "that you need to do.\n\n"
        "LINK\n\n" + FOOT,
    ),
    Message.SPONSOR_REJECTED: (
        "About your sign-up",
        "We have read what you told us, and we cannot go on with your sign-up\n"
        "now.\n\n"
        "You can see where things stand on your page.\n\n"
        "LINK\n\n" + FOOT,
    ),
    Message.ALERT: (
        "Please log in",
        "Something on the site wants to be looked at today.\n\n"
        "This mail says no more on purpose. Log in to read what it is.\n\n"
        "LINK\n\n" + FOOT,
    ),
    Message.OFFER: (
        "There is news for you",
        "We have found somebody whom you could stand by. Please log in to read\n"
        "about them.\n\n"
        "LINK\n\n"
        "Take your time. You can say yes or ask for somebody else, and nothing\n"
        "happens before you answer.\n\n" + FOOT,
    ),
    Message.RELEASED: (
        "There is news for you",
        "There is news, and it is good. Thank you for what you have done: it\n"
        "counted.\n\n"
        "Please log in to read it.\n\n"
        "LINK\n\n"
        "Nothing is asked of you now. If you would like to go on, your page says\n"
        "how.\n\n" + FOOT,
    ),
    Message.CONDOLENCE: (
        "A message from us",
        "We have to bring you sad news. Please log in when you have a quiet\n"
        "moment.\n\n"
        "LINK\n\n"
        "There is nothing that you need to do.\n\n" + FOOT,
    ),
    Message.MOVED: (
        "There is news for you",
        "Something has changed. Please log in to read what it is before you write\nthe next time.\n\nLINK\n\n" + FOOT,
    ),
    Message.IN_TRANSFER: (
        "There is news for you",
        "Something has changed. Please log in to read what it is, and wait a\n"
        "little before you write the next time.\n\n"
        "LINK\n\n"
        "We will mail you as soon as we know more.\n\n" + FOOT,
    ),
    Message.RETURNED: (
        "There is news for you",
        "Something has changed, and your help is needed again. Please log in when\n"
        "you have a quiet moment.\n\n"
        "LINK\n\n"
        "If it is more than you can do now, tell your coordinator. That is quite\n"
        "all right.\n\n" + FOOT,
    ),
    Message.OFFER_WITHDRAWN: (
        "About our offer",
        "The offer that we made you no longer holds. It has nothing to do with\n"
        "you, and there is nothing that you need to do.\n\n"
        "LINK\n\n"
        "We go on looking, and will mail you when we have found somebody.\n\n" + FOOT,
    ),
    Message.MATCH_RESTS: (
        "There is news for you",
        "Something that you take part in rests for a while. There is nothing for\n"
        "you to do for now, and we remind you of nothing about it.\n\n"
        "It is not about anything that you did or left undone. Your page says how\n"
        "things stand.\n\n"
        "LINK\n\n"
        "What you have given so far counts. Thank you.\n\n" + FOOT,
    ),
    Message.MATCH_ENDED: (
        "There is news for you",
        "Something that you took part in has come to its end. Thank you for what\n"
        "you gave to it: it counted.\n\n"
        "There is nothing that you need to do. Your page says how things stand.\n\n"
        "LINK\n\n"
        "If somebody suits you one day, we mail you, and you may say no.\n\n" + FOOT,
    ),
    Message.LETTER_DUE: (
        "A good day for a few lines",
        "By the rhythm that you chose, your next letter is due about now. A few\n"
        "warm lines are enough.\n\n"
        "On your page you find a beginning to write from, and everything that\n"
        "belongs on the envelope.\n\n"
        "LINK\n\n"
        "If it has gone already, note the day there, and we count from it. If it\n"
        "does not fit this week, another week is just as good.\n\n" + ANSWERS + ENDING + FOOT,
    ),
    Message.BIRTHDAY_AHEAD: (
        "A date that is worth a card",
        "A day is coming up on which a card would be welcome. The post can take\n"
        "two to four weeks, so we tell you early. Please log in to read whose day\n"
        "it is.\n\n"
        "LINK\n\n"
        "A wish and one thing from your own everyday life make a good card.\n\n" + ANSWERS + ENDING + FOOT,
    ),
    Message.OFFER_UNANSWERED: (
        "The news is still there for you",
        "Some days ago we wrote that we have found somebody whom you could stand\n"
        "by. You can still read about them and answer.\n\n"
        "LINK\n\n"
        "You can say yes or ask for somebody else: either answer helps. We do not\n"
        "write about this again.\n\n" + PAUSE + ENDING + FOOT,
    ),
    Message.HOLIDAY_AHEAD: (
        "A card for the coming holiday",
        "A holiday is coming up on which a card is welcome. The post can take two\n"
        "to four weeks, so we tell you early.\n\n"
        "LINK\n\n"
        "A good wish and one thing from your own everyday life are enough. Leave\n"
        "out faith and public affairs, then it passes.\n\n" + ANSWERS + ENDING + FOOT,
    ),
    Message.ACTION_IDEA: (
        "One small thing that you could do",
        "Now and then we bring you one idea of what you could do. This time's\n"
        "stands on your page.\n\n"
        "LINK\n\n"
        "Use only what your coordinator has told you may be used. If it does not\n"
        "suit you this time, leave it: the next one comes.\n\n" + LATER + PAUSE + ENDING + FOOT,
    ),
    Message.SPEAK_UP_DATE: (
        "A day on which a word from you counts",
        "In two weeks there is a day on which it is worth saying something in\n"
        "public for whoever you stand by. Please log in to read which day it is.\n\n"
        "Two weeks are enough for a post, a short statement or a few words in a\n"
        "speech.\n\n"
        "LINK\n\n"
        "It is a day for the public, not for a letter: please do not mention it\n"
        "when you write.\n\n" + PAUSE + ENDING + FOOT,
    ),
    Message.LONG_QUIET: (
        "We have not heard from each other for a while",
        "That is quite all right: lives change. We only ask whether what you took\n"
        "on still fits.\n\n"
        "You can take a pause, for as long as you like, or take on fewer people.\n"
        "Both take a minute on your page, and nobody thinks less of you.\n\n"
        "LINK\n\n"
        "If everything is as it should be, say so with one click below, and we\n"
        "count from today.\n\n" + GO_ON + PAUSE + ENDING + FOOT,
    ),
    Message.MANDATE_ENDING: (
        "A date that is coming closer",
        "By what you told us your term ends in the coming months. Whoever you\n"
        "stand by should not be without anybody on that day.\n\n"
        "Please think of a colleague who could take over, and tell your\n"
        "coordinator. We prepare everything with you.\n\n"
        "LINK\n\n"
        "If you will stay on, tell your coordinator the new date. You may also go\n"
        "on without an office.\n\n" + PAUSE + ENDING + FOOT,
    ),
    Message.RE_CONSENT: (
        "Another year: do you go on?",
        "It is a year since you last told us that you want to do this. Thank you\n"
        "for it.\n\n"
        "We ask everybody once a year, so that nobody is held to an old promise.\n"
        "If you want to go on, one click below is enough.\n\n"
        "LINK\n\n"
        "If less would suit you better, or a pause, you can change that on your\n"
        "page. Nothing ends by itself.\n\n" + GO_ON + PAUSE + ENDING + FOOT,
    ),
    Message.OFFER_LAPSED: (
        "The news has passed on",
        "Some weeks ago we wrote that we have found somebody whom you could stand\n"
        "by. We have not heard from you, so we look for somebody else for them\n"
        "now.\n\n"
        "LINK\n\n"
        "That is quite all right, and there is nothing that you need to do. If\n"
        "you would rather hear from us less, you can take a pause on your page.\n\n" + FOOT,
    ),
    Message.SEVERAL_REMINDERS: (
        "A few things for you",
        "Several things have come together, so we put them into one mail.\n\n"
        "A good day for a few lines: by the rhythm that you chose, a letter is\n"
        "due about now.\n\n"
        "A day is coming up on which a card would be welcome.\n\n"
        "LINK\n\n"
        "Please log in to read whom each is about. What has been done already\n"
        "needs nothing more.\n\n" + LATER + PAUSE + ENDING + FOOT,
    ),
    Message.RESET_PASSWORD: (
        "A new password",
        "Somebody, most likely you, asked to set a new password for this address.\n"
        "Open the link and choose one there.\n\n"
        "LINK\n\n"
        "The link works once, and for one hour. Only the newest link works.\n\n"
        "If it was not you, do nothing: your password stays as it is.\n\n" + FOOT,
    ),
    Message.CONFIRM_NEW_ADDRESS: (
        "Please confirm your address",
        "Somebody, most likely you, wants to log in with this address from now\n"
        "on. Open the link and type your password there to say that the address\n"
        "is yours.\n\n"
        "LINK\n\n"
        "The link works once, and for one hour. Until then nothing changes.\n\n"
        "If it was not you, do nothing: without the link nobody can use your\n"
        "address here.\n\n" + FOOT,
    ),
    Message.ADDRESS_CHANGED: (
        "Your address was changed",
        "Your log-in has another address now, and every browser was logged out.\n"
        "Mails no longer come here.\n\n"
        "LINK\n\n"
        "If it was you, there is nothing that you need to do.\n\n"
        "If it was not you, tell your coordinator at once.\n\n" + FOOT,
    ),
    Message.PASSWORD_CHANGED: (
        "Your password was changed",
        "The password of your log-in was just changed, and every other browser\n"
        "was logged out.\n\n"
        "If it was you, there is nothing that you need to do. If it was not you,\n"
        "set a new password now.\n\n"
        "LINK\n\n"
        "Then tell your coordinator.\n\n" + FOOT,
    ),
    Message.SECOND_FACTOR_CHANGED: (
        "Your log-in was changed",
        "The code that your log-in asks for beside the password was set up, or\n"
        "taken away.\n\n"
        "If it was you, or somebody did it because you asked, there is nothing\n"
        "that you need to do. If not, set a new password now.\n\n"
        "LINK\n\n"
        "Then tell your coordinator.\n\n" + FOOT,
    ),
    Message.OFFICE_INVITED: (
        "You are invited",
        "Somebody whom you work with would like you to have a log-in here. They\n"
        "have told you, or will.\n\n"
        "Open the link and choose a password there. You see more once you are\n"
        "logged in.\n\n"
        "LINK\n\n"
        "The link works once, and for three days.\n\n"
        "If you know nothing of this, do nothing: without the link nothing comes\n"
        "of it, and your address is forgotten.\n\n" + GIVEN,
    ),
    Message.OFFICE_JOINED: (
        "About your log-in",
        "Somebody has followed the invitation that you sent, and has a log-in of\n"
        "their own. What they do here is marked as done by your office.\n\n"
        "If you invited nobody, or if it is not who you meant, remove them now.\n"
        "Then change your password.\n\n"
        "LINK\n\n" + FOOT,
    ),
    Message.PROVE_OFFICIAL: (
        "Please confirm your address",
        "Somebody, most likely you, has named this address to show who they are.\n"
        "Open the link and type your password there to say that the address is\n"
        "yours.\n\n"
        "LINK\n\n"
        "The link works once, and for one hour. None of our other mails come\n"
        "here.\n\n"
        "If it was not you, do nothing: without the link nobody can use your\n"
        "address here.\n\n" + GIVEN,
    ),
    Message.INVITATION: (
        "Please open your log-in",
        "Somebody has made a log-in with us for this address, and asks you to\n"
        "open it. Choose a password behind this link.\n\n"
        "LINK\n\n"
        "The link works once, and for one hour. Only the newest link works. If it\n"
        "is too late for it, ask whoever invited you for a new one.\n\n"
        "If you know nothing of this, do nothing: without the link nobody can use\n"
        "your address here.\n\n" + FOOT,
    ),
    Message.ACCESS_CHANGED: (
        "Your log-in was changed",
        "What your log-in opens was changed.\n\n"
        "This mail says no more on purpose. Log in again to see what it is.\n\n"
        "LINK\n\n" + FOOT,
    ),
    Message.LOGIN_CLOSED: (
        "Your log-in was closed",
        "Your log-in with us was closed, and no more mail comes from us.\n\n"
        "If you think that this is a mistake, or want to know more, write to the\n"
        "person you know with us.\n\n"
        "LINK\n\n" + FOOT,
    ),
}

PATHS = {
    Message.OFFICE_INVITED: r"/office/[\w-]{43}",
    Message.OFFICE_JOINED: "/home/office",
    Message.PROVE_OFFICIAL: r"/official/[\w-]{43}",
    Message.INVITATION: r"/invitation/[\w-]{43}",
    Message.ACCESS_CHANGED: "/login",
    Message.LOGIN_CLOSED: "/",
    Message.RESET_PASSWORD: r"/reset/[\w-]{43}",
    Message.CONFIRM_NEW_ADDRESS: r"/address/[\w-]{43}",
    Message.ADDRESS_CHANGED: "/login",
    Message.PASSWORD_CHANGED: "/reset",
    Message.SECOND_FACTOR_CHANGED: "/reset",
    Message.CONFIRM_ADDRESS: r"/confirm/[\w-]{43}",
    Message.ALREADY_REGISTERED: "/login",
    Message.SPONSOR_VETTED: "/home",
    Message.SPONSOR_REJECTED: "/home",
    Message.ALERT: "/login",
    Message.OFFER: "/matches/[a-z2-7]{16}",
    Message.RELEASED: "/home",
    Message.CONDOLENCE: "/home",
    Message.MOVED: "/home",
    Message.IN_TRANSFER: "/home",
    Message.RETURNED: "/home",
    Message.OFFER_WITHDRAWN: "/home",
    Message.MATCH_RESTS: "/home",
    Message.MATCH_ENDED: "/home",
    Message.LETTER_DUE: "/matches/[a-z2-7]{16}",
    Message.BIRTHDAY_AHEAD: "/matches/[a-z2-7]{16}",
    Message.OFFER_UNANSWERED: "/matches/[a-z2-7]{16}",
    Message.HOLIDAY_AHEAD: "/matches/[a-z2-7]{16}",
    Message.ACTION_IDEA: "/matches/[a-z2-7]{16}",
    Message.SPEAK_UP_DATE: "/matches/[a-z2-7]{16}",
    Message.OFFER_LAPSED: "/home",
    Message.LONG_QUIET: "/home/settings",
    Message.MANDATE_ENDING: "/home",
    Message.RE_CONSENT: "/home/settings",
    Message.SEVERAL_REMINDERS: "/matches/[a-z2-7]{16}",
}


CHOICES = {"ANSWERS": r"/reminders/[\w-]{59}", "UNSUBSCRIBE": r"/unsubscribe/[\w-]{59}"}
"""Where a reminder's other links lead: a random id and a signature, and nothing that says more (M6, M10)."""

"""Which family a browser is of, for the list of one's own log-ins. Pure.

Two rough words and nothing else are kept of what a browser says of itself: enough to tell a phone from the office's
computer, too little to know anybody again by it.
"""

_FAMILIES = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def family(user_agent: str) -> str:
    """Such as "Firefox, Windows"; empty where it says neither."""
    found = (_first(user_agent, of) for of in (_FAMILIES, _SYSTEMS))
    return ", ".join(word for word in found if word)


def _first(user_agent: str, words: tuple[tuple[str, str], ...]) -> str:
    return next((word for sign, word in words if sign in user_agent), "")

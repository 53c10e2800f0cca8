"""Numbers, dates and sentences as the tabs say them."""

import re
from datetime import datetime

from tlstudio.wording import counted

# The window speaks English, whatever the system does; strftime would follow the system.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEK = 7
_NO_LIMIT = 100  # rounds that hardly any training takes
# A full stop inside a quoted name ("St. Bernard") ends no sentence.
_SENTENCE = re.compile(r"(?:“[^”]*”|[^“.]|\.(?!\s|$))*\.(?=\s|$)")


def rounds_in_words(most: int) -> str:
    """How long a training goes on that ends when it stops getting better, or after ``most`` rounds."""
    return "as long as it helps" if most >= _NO_LIMIT else f"up to {counted(most, 'round')}"


def split_message(message: str) -> tuple[str, str]:
    """The first sentence, and the rest (empty for a single sentence)."""
    found = _SENTENCE.match(message)
    end = found.end() if found else len(message)
    return message[:end], message[end:].strip()


def day_in_words(moment: datetime, now: datetime) -> str:
    """When something was, as short as it is clear: "today", "Tuesday", "4 March", "4 March 2024"."""
    days = (now.date() - moment.date()).days
    if days in (0, 1):
        return "yesterday" if days else "today"
    if 0 < days < _WEEK:
        return _DAYS[moment.weekday()]
    day = f"{moment.day} {_MONTHS[moment.month - 1]}"
    return day if moment.year == now.year else f"{day} {moment.year}"

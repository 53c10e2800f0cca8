"""Words that every layer needs."""


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number and what it counts: "1 photo", "1,797 photos".

    Args:
        count: How many.
        noun: One of them.
        plural: More of them, if an "s" at the end doesn't do.
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"

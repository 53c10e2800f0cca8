"""The errors that reach a person."""


class TLStudioError(Exception):
    """Something that the user can mend.

    The window shows it in the message bar of the tab; the shell prints both sentences and exits with 2.

    Attributes:
        message: What happened, and to which file.
        hint: What to do about it; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Cancelled(Exception):  # noqa: N818 - a stop is a normal end, not an error
    """The user stopped a task before it had a result worth keeping."""

"""Picking a class by typing the beginning of its name. Knows no widget."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Who types on does it at once; a decision about the next photo takes longer.
_SWALLOW_SECONDS: Final = 0.4
_FORGET_SECONDS: Final = 4.0


@dataclass(frozen=True, slots=True)
class Typed:
    """What some letters lead to.

    Attributes:
        letters: Those typed so far; empty once a class is picked.
        matches: Classes whose name begins with them.
        picked: The class, if it is the only one; else empty.
    """

    letters: str = ""
    matches: tuple[str, ...] = ()
    picked: str = ""

    @property
    def sentence(self) -> str:
        """What a person has to know to type on; empty for nothing."""
        if not self.letters:
            return ""
        if not self.matches:
            return f"No class begins with “{self.letters}”."
        if len(self.matches) > 3:
            return f"“{self.letters}…”: {len(self.matches)} classes. Type on, or Esc."
        return f"“{self.letters}…”: {' or '.join(self.matches)}? Type on; Enter takes the first, Esc none."


class ClassTyping:
    """Gathers letters until they mean one class.

    Who types on after the class is picked already means the same class: such letters are swallowed for a moment.
    """

    def __init__(self) -> None:
        self._classes: Sequence[str] = ()
        self._letters = ""
        self._rest = ""
        self._time = 0.0

    @property
    def begun(self) -> bool:
        """Whether there are letters that don't mean one class yet."""
        return bool(self._letters)

    def set_classes(self, classes: Sequence[str]) -> None:
        """Choose among these."""
        self._classes, self._rest = classes, ""
        self.clear()

    def clear(self) -> None:
        """Forget the letters that don't mean one class yet."""
        self._letters = ""

    def first(self) -> str:
        """The first class that the letters may mean, which is theirs if there is one; empty for none."""
        return next(iter(self._matches()), "") if self.begun else ""

    def break_off(self) -> None:
        """Another key was pressed: the name that was picked last is through."""
        self._rest = ""

    def swallows(self, letter: str, time: float) -> bool:
        """Take a letter that belongs to the name that was picked last; tell whether it does.

        Args:
            letter: One character.
            time: When, in seconds of any clock.
        """
        belongs = time - self._time < _SWALLOW_SECONDS and self._rest.startswith(letter.casefold())
        if self._rest and belongs:
            self._rest, self._time = self._rest[1:], time
            return True
        self._rest = ""
        return False

    def type(self, letter: str, time: float) -> Typed:
        """Take a letter.

        Args:
            letter: One character.
            time: When, in seconds of any clock.
        """
        if self.swallows(letter, time):
            return Typed()
        letter, since, self._time = letter.casefold(), time - self._time, time
        self._letters = (self._letters if since < _FORGET_SECONDS else "") + letter
        matches = self._matches()
        exact = [name for name in matches if name.casefold() == self._letters]
        if len(matches) == 1 or (exact and not any(name.startswith(f"{exact[0]} ") for name in matches)):
            return self._picked(exact[0] if exact else matches[0])
        typed = Typed(self._letters, matches)
        if not matches:
            self._letters = ""
        return typed

    def _matches(self) -> tuple[str, ...]:
        found = (name for name in self._classes if name.casefold().startswith(self._letters))
        return tuple(sorted(found, key=lambda name: name.casefold() != self._letters))

    def _picked(self, name: str) -> Typed:
        self._rest = name.casefold()[len(self._letters) :]
        self._letters = ""
        return Typed(picked=name)

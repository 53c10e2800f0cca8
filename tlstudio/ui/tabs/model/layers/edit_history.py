"""Undo and redo of one value that is edited. Knows no Qt."""

from typing import Generic, TypeVar

Value = TypeVar("Value")


class EditHistory(Generic[Value]):
    """The states that a value had, and where in them it is now. Values are compared, and have to be immutable."""

    def __init__(self, value: Value) -> None:
        self._states = [value]
        self._place = 0
        self._merge = ""

    @property
    def value(self) -> Value:
        """The value as it is now."""
        return self._states[self._place]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Whether a state was taken back."""
        return self._place < len(self._states) - 1

    def push(self, value: Value, merge: str = "") -> None:
        """Change the value.

        Args:
            value: The new one.
            merge: What is edited: changes of one thing that follow each other, such as letters typed into a field, are
                one step. Empty for a step of its own.
        """
        if value == self.value:
            return
        del self._states[self._place + 1 :]
        if merge and merge == self._merge:
            self._states[-1] = value
        else:
            self._states.append(value)
        self._place = len(self._states) - 1
        self._merge = merge

    def undo(self) -> Value:
        """Go back a step, if there is one, and give the value."""
        return self._go(-1 if self.can_undo else 0)

    def redo(self) -> Value:
        """Go on a step, if one was taken back, and give the value."""
        return self._go(1 if self.can_redo else 0)

    def reset(self, value: Value) -> None:
        """Begin anew with a value that came from elsewhere."""
        self._states, self._place, self._merge = [value], 0, ""

    def _go(self, step: int) -> Value:
        self._place += step
        self._merge = ""
        return self.value

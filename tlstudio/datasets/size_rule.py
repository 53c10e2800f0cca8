"""A rule for the sizes of photos."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SizeRule:
    """Which sizes of photos are wanted, in pixels.

    Attributes:
        min_width: Narrower photos are outside.
        min_height: Lower photos are outside.
        max_width: Wider photos are outside; None for no limit.
        max_height: Higher photos are outside; None for no limit.
        exact: (width, height) that every photo has to have; None for any.
    """

    min_width: int = 0
    min_height: int = 0
    max_width: int | None = None
    max_height: int | None = None
    exact: tuple[int, int] | None = None

    def allows(self, width: int, height: int) -> bool:
        """Whether a photo of this size is inside."""
        return (
            width >= self.min_width
            and height >= self.min_height
            and (self.max_width is None or width <= self.max_width)
            and (self.max_height is None or height <= self.max_height)
            and self.exact in (None, (width, height))
        )

    def bounds(self) -> tuple[tuple[str, "SizeRule"], ...]:
        """What is asked for one by one: how a photo outside is called, such as "Narrower than 64 px", and the rule."""
        asked = []
        if self.exact is not None:
            asked.append((f"Not {self.exact[0]:,} × {self.exact[1]:,} px", SizeRule(exact=self.exact)))
        if self.min_width:
            asked.append((f"Narrower than {self.min_width:,} px", SizeRule(min_width=self.min_width)))
        if self.min_height:
            asked.append((f"Lower than {self.min_height:,} px", SizeRule(min_height=self.min_height)))
        if self.max_width is not None:
            asked.append((f"Wider than {self.max_width:,} px", SizeRule(max_width=self.max_width)))
        if self.max_height is not None:
            asked.append((f"Higher than {self.max_height:,} px", SizeRule(max_height=self.max_height)))
        return tuple(asked)

    def objection(self, width: int, height: int) -> str:
        """Why a photo of this size is outside, such as "Narrower than 64 px"; empty for one inside."""
        return next((words for words, bound in self.bounds() if not bound.allows(width, height)), "")

    def words(self) -> str:
        """What the rule asks for, such as "at least 64 px wide, at most 900 px high"; empty where it asks nothing."""
        if self.exact is not None:
            return f"exactly {self.exact[0]:,} × {self.exact[1]:,} px"
        sides = (("wide", self.min_width, self.max_width), ("high", self.min_height, self.max_height))
        parts = []
        for side, least, most in sides:
            if least:
                parts.append(f"at least {least:,} px {side}")
            if most is not None:
                parts.append(f"at most {most:,} px {side}")
        return ", ".join(parts)

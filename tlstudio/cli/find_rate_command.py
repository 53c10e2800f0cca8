"""``find-rate``: which learning rate suits a phase."""

from pathlib import Path
from typing import Any, Final

from tlstudio.cli.console import Console
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken
from tlstudio.training.rate_curve import RateCurve
from tlstudio.workflows.find_rate import find_rate
from tlstudio.workflows.train import TrainRequest

NOWHERE: Final = Path("not-saved")
"""Place of a run that nobody keeps."""

_BAR: Final = 30


def run_find_rate(request: TrainRequest, phase: int, console: Console, token: CancelToken) -> None:
    """Try rates, and show them as a table with the suggestion under it.

    Args:
        request: What would be trained.
        phase: Its number, counted from 1.
        console: Shows it.
        token: A stop ends the search with what was found so far.

    Raises:
        TLStudioError: As ``find_rate``.
        Cancelled: As ``find_rate``.
    """
    curve = find_rate(request, phase - 1, emit=console.emit, token=token)
    rows = curve.table()
    highest = max((loss for _, loss in rows), default=1.0)
    console.say("learning rate   error")
    for rate, loss in rows:
        console.say(f"{rate:13.1e}  {loss:6.3f}  {'#' * round(_BAR * loss / highest)}")
    suggestion, problem = _suggestion(curve)
    option = "--fine-tune-learning-rate" if request.config.phases[phase - 1].name == "fine_tune" else "--learning-rate"
    console.say(problem or f"The error falls most steeply at {suggestion:g}: use {option} {suggestion:g}.")
    console.finish(_json(curve, phase, suggestion))


def _suggestion(curve: RateCurve) -> tuple[float | None, str]:
    """The rate, or a sentence on why there is none."""
    try:
        return curve.suggestion, ""
    except TLStudioError as error:
        return None, f"{error.message} {error.hint}"


def _json(curve: RateCurve, phase: int, suggestion: float | None) -> dict[str, Any]:
    return {
        "phase": phase,
        "suggestion": suggestion,
        "rates": curve.rates,
        "losses": curve.losses,
        "smoothed": curve.smoothed,
    }

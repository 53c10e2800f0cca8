"""Why a model from elsewhere isn't opened."""

from pathlib import Path

from tlstudio.errors import TLStudioError

_USUAL_HINT = "Ask whoever made it for the model in another form, or train one here."


class RefusedModelError(TLStudioError):
    """A file that is not opened: what it holds could do harm, or is no classifier of photos."""


def refusal(file: Path, why: str, hint: str = _USUAL_HINT) -> RefusedModelError:
    """The error for a file.

    Args:
        file: The file, which the sentence names.
        why: The rest of the sentence: "has a layer that runs code of its own".
        hint: What to do about it.
    """
    return RefusedModelError(f"{file.name} isn't opened: it {why}.", hint)

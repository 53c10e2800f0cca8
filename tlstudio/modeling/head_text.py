"""Heads as a line of text, for the command line: "gap, dense 128 relu, dropout 0.2"."""

from typing import Any, Final, get_args

from tlstudio.errors import TLStudioError
from tlstudio.modeling.layer_table import Activation, ActivationFunction, BatchNormalization, Dense, Dropout
from tlstudio.modeling.spec import HeadLayer, HeadSpec, Pooling

HEAD_GRAMMAR: Final = (
    "words with commas between them: first gap (the mean over all places; default), gmp (the largest) or flatten; then "
    "in any order “dense UNITS [FUNCTION]”, “dropout SHARE”, “batchnorm [MOMENTUM]”, “activation FUNCTION”; also "
    "“l1 STRENGTH” and “l2 STRENGTH” for the weights, and softmax (default), sigmoid (for two classes) or binary "
    f"(softmax with binary cross-entropy). A function is one of {', '.join(get_args(ActivationFunction))}"
)

_POOLINGS: Final[dict[str, Pooling]] = {"gap": "avg", "gmp": "max", "flatten": "flatten"}
_ANSWERS: Final[dict[str, dict[str, str]]] = {
    "softmax": {},
    "sigmoid": {"output": "sigmoid"},
    "binary": {"loss": "binary"},
}
_EXAMPLE: Final = "Write it like “gap, dense 128 relu, dropout 0.2”; “tlstudio train --help” names all words."


def parse_head(text: str) -> HeadSpec:
    """The head that a line of text means; see ``HEAD_GRAMMAR``.

    Raises:
        TLStudioError: If it can't be understood; it says which piece.
    """
    pooling: Pooling = "avg"
    layers: list[HeadLayer] = []
    rest: dict[str, Any] = {}
    for index, piece in enumerate(part.strip() for part in text.lower().split(",")):
        word, *values = piece.split() or [""]
        if word in _POOLINGS and not values and index == 0:
            pooling = _POOLINGS[word]
        elif word in _ANSWERS and not values:
            rest |= _ANSWERS[word]
        elif word in ("l1", "l2") and len(values) == 1:
            rest[word] = _number(values[0], piece)
        else:
            layers.append(_layer(word, values, piece))
    try:
        return HeadSpec(pooling, tuple(layers), **rest)
    except ValueError as error:
        raise TLStudioError(f"That is no head: {error}.", _EXAMPLE) from error


def _layer(word: str, values: list[str], piece: str) -> HeadLayer:
    try:
        match word, values:
            case "dense", [units]:
                return Dense(int(units))
            case "dense", [units, function]:
                return Dense(int(units), _function(function))
            case "dropout", [rate]:
                return Dropout(float(rate))
            case "batchnorm", []:
                return BatchNormalization()
            case "batchnorm", [momentum]:
                return BatchNormalization(float(momentum))
            case "activation", [function]:
                return Activation(_function(function))
    except ValueError as error:
        raise TLStudioError(f"“{piece}” means nothing here: {error}.", _EXAMPLE) from error
    if word in _POOLINGS:
        raise TLStudioError(f"“{piece}” has to come first in a head.", _EXAMPLE)
    raise TLStudioError(f"“{piece}” is nothing that a head is made of.", _EXAMPLE)


def _number(text: str, piece: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise TLStudioError(f"“{piece}” needs a number.", _EXAMPLE) from error


def _function(text: str) -> ActivationFunction:
    functions: tuple[ActivationFunction, ...] = get_args(ActivationFunction)
    for function in functions:
        if function == text:
            return function
    raise ValueError(f"there is no function {text}")


def written_head(head: HeadSpec) -> str:
    """A head as ``parse_head`` reads it."""
    (pooling,) = (word for word, meaning in _POOLINGS.items() if meaning == head.pooling)
    strengths = [f"{name} {value!r}" for name, value in (("l1", head.l1), ("l2", head.l2)) if value]
    answers: list[str] = [head.output] if head.output == "sigmoid" else []
    answers += [head.loss] if head.loss == "binary" else []
    return ", ".join([pooling, *map(_written, head.layers), *strengths, *answers])


def _written(layer: HeadLayer) -> str:
    match layer:
        case Dense():
            return f"dense {layer.units} {layer.activation}"
        case Dropout():
            return f"dropout {layer.rate!r}"
        case BatchNormalization():
            return f"batchnorm {layer.momentum!r}"
        case Activation():
            return f"activation {layer.function}"

"""The figures of one round of the curves, in words. Knows no Qt."""

from tlstudio.ui.widgets.curve_data import CurveData

_FINE = 0.1


def round_in_words(data: CurveData, number: int, *, rate: bool = False) -> list[str]:
    """Lines on a finished round: which it is, the photos not seen, those learnt from.

    Args:
        data: The curves.
        number: Of the round, from 1.
        rate: Whether to tell the learning rate, too.
    """
    figures = data.read(number)
    phase = data.phase_of(number) if len(data.phases()) > 1 else ""
    lines = [f"Round {number:,}" + (f", {phase}" if phase else "")]
    for part, prefix in (("Not seen", "val_"), ("Learns from", "")):
        accuracy, loss = figures.get(f"{prefix}accuracy"), figures.get(f"{prefix}loss")
        words = [f"{accuracy:.1f} % right"] if accuracy is not None else []
        if loss is not None:
            words.append(f"error {loss:.2g}" if loss < _FINE else f"error {loss:.2f}")
        if words:
            lines.append(f"{part}: {', '.join(words)}")
    if rate and "rate" in figures:
        lines.append(f"Learning rate: {figures['rate']:.3g}")
    return lines

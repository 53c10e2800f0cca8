"""The rounds of a training as a table for other programs. Knows no Qt."""

import csv
import io

from tlstudio.training.history import History

COLUMNS = (
    "round",
    "phase",
    "epoch",
    "loss",
    "accuracy",
    "val_loss",
    "val_accuracy",
    "seconds",
    "learning_rate",
    "best",
)


def rounds_csv(history: History) -> bytes:
    """One line for each round, oldest first, as it was measured; accuracies are shares, 0 to 1.

    Rounds count through all phases, epochs within theirs, both from 1; what was not measured is empty. UTF-8 with a
    byte-order mark, which spreadsheets want.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for number, epoch in enumerate(history.epochs, 1):
        figures = (epoch.loss, epoch.accuracy, epoch.val_loss, epoch.val_accuracy)
        name = history.phases[epoch.phase] if epoch.phase < len(history.phases) else ""
        cells = ["" if figure is None else repr(figure) for figure in figures]
        rest = (f"{epoch.seconds:.3f}", repr(epoch.learning_rate), int(epoch.best))
        writer.writerow((number, name, epoch.epoch + 1, *cells, *rest))
    return text.getvalue().encode("utf-8-sig")

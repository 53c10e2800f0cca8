"""A model card in Markdown.

The headings are those of M. Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tlstudio.evaluation.verdict import verdict
from tlstudio.reporting import facts, sentences
from tlstudio.reporting.content import ReportContent
from tlstudio.wording import percent

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|#~&$])")
_MOST_FILES: Final = 20


def model_card(content: ReportContent) -> bytes:
    """The card in UTF-8; names of files that are no valid UTF-8 have question marks in them."""
    return ("\n".join(_lines(content)) + "\n").encode(errors="replace")


def _lines(content: ReportContent) -> Iterator[str]:
    run, report = content.run, content.report
    yield f"# {_plain(content.title)}"
    yield ""
    yield f"{verdict(report)} {sentences.measured(content) if content.own_exam else ''}".rstrip()
    yield from _section("Model details", _list([*facts.network(run), *facts.training(run)]))
    yield ""
    yield from _table(("Phase", "Rounds", "Settings", "Checked", "Exam", "Error of both (loss)"), facts.phases(run))
    yield from _section("Intended use", _bullets(_uses(content)))
    yield from _section("Training and evaluation data", _data(content))
    yield from _section("Metrics", _list(sentences.terms(report)))
    yield ""
    yield _plain(sentences.calibration(content))
    yield from _section("Quantitative analyses", _by_class(content))
    pairs = sentences.confused_pairs(report)
    if pairs:
        yield ""
        yield "Most often confused:"
        yield ""
        yield from _bullets(pairs)
    cautions = [f"{sentence} {advice}" for sentence, advice in content.cautions]
    yield from _section("Caveats and limits", _bullets([*cautions, *sentences.limits(content)]))
    yield from _section("Versions", _list(facts.circumstances(run)))
    yield ""
    yield f"Made by TL Studio on {content.day}."


def _uses(content: ReportContent) -> list[str]:
    names = ", ".join(content.run.classes)
    return [
        f"It names one class for a photo: {names}.",
        "It is meant for photos like those it was judged on. Decisions about people, health or safety need a person.",
    ]


def _data(content: ReportContent) -> Iterator[str]:
    run = content.run
    head = ("Class", "To learn from", "To check on", "Exam", "All")
    yield from _table(head, [tuple(map(str, row)) for row in facts.counts(run)])
    yield ""
    yield f"Shared out {_plain(facts.sharing(run))}. {sentences.leaks_of(run)}"
    lost = facts.rejected(run, content.report.rejected)
    if lost:
        yield ""
        yield f"Left out, because they can't be read: {len(lost):,}."
        yield ""
        yield from _bullets(f"{path}: {reason}" for path, reason in lost[:_MOST_FILES])


def _by_class(content: ReportContent) -> Iterator[str]:
    rows = [
        (entry.name, percent(entry.recall, 1), percent(entry.precision, 1), f"{entry.f1:.3f}", f"{entry.support:,}")
        for entry in content.report.per_class
    ]
    yield from _table(("Class", "Found (recall)", "Right when it says so (precision)", "F1", "Photos"), rows)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield from lines


def _list(found: facts.Facts) -> Iterator[str]:
    return (f"- {name}: {_plain(value)}" for name, value in found)


def _bullets(sentences_: Iterable[str]) -> Iterator[str]:
    return (f"- {_plain(sentence)}" for sentence in sentences_)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(_plain, row))} |"


def _plain(text: str) -> str:
    """Text in which nothing is a sign of Markdown or HTML, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))

"""The report as one HTML file that needs nothing else: no network, no other file, no script."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tlstudio.evaluation.verdict import verdict
from tlstudio.reporting import drawings, facts, sentences, style
from tlstudio.reporting.content import ReportContent, WrongPhoto
from tlstudio.reporting.markup import Content, Markup, joined, table, tag
from tlstudio.wording import counted, percent

_MOST_FILES: Final = 40

# Nothing is ever fetched: what a browser would make of a slip in the escaping is nothing, too.
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def html_report(content: ReportContent) -> bytes:
    """The report in UTF-8; names of files that are no valid UTF-8 have question marks in them."""
    title = f"{content.title}: how good is it?"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="TL Studio"),
        tag("title", title),
        tag("style", Markup(style.CSS)),
    )
    sections = (tag("section", tag("h2", name), build(content)) for name, build in _SECTIONS)
    top = joined(tag("h1", title), tag("p", _subtitle(content), class_="quiet"))
    foot = tag("footer", f"Made by TL Studio on {content.day}. One file: it can be mailed, kept and printed as it is.")
    page = tag("html", head, tag("body", top, *sections, foot), lang="en")
    return f"<!DOCTYPE html>\n{page}\n".encode(errors="replace")


def _subtitle(content: ReportContent) -> str:
    run = content.run
    photos = f"{len(run.samples):,} photos in {len(run.classes):,} classes from “{Path(run.root).name}”"
    return f"{facts.network_title(run)}, trained on {run.created[:10]} on {photos}"


# The sections, in their order.


def _result(content: ReportContent) -> Markup:
    report = content.report
    return joined(
        tag("p", verdict(report), class_="verdict"),
        tag("p", sentences.measured(content)),
        drawings.interval(report),
        tag("p", sentences.baseline(report), class_="quiet"),
        *(tag("div", tag("b", sentence), " ", advice, class_="caution") for sentence, advice in content.cautions),
    )


def _mistakes(content: ReportContent) -> Markup:
    report = content.report
    pairs = sentences.confused_pairs(report)
    often = [tag("h3", "Most often confused"), tag("ul", *(tag("li", pair) for pair in pairs))] if pairs else []
    unnamed = len(report.classes) > drawings.NAMED_CLASSES
    order = " The classes stand in the order of the table below." if unnamed else ""
    words = f"Rows are what the photos really are, columns what the model says (confusion matrix).{order}"
    return joined(tag("p", words, class_="quiet"), drawings.confusion_matrix(report), *often)


def _classes(content: ReportContent) -> Markup:
    report = content.report
    rows: list[tuple[Content, ...]] = [
        (
            entry.name,
            percent(entry.recall, 1),
            _range(report.recall_interval(index)) if entry.support else "–",
            percent(entry.precision, 1),
            f"{entry.f1:.3f}",
            entry.support,
        )
        for index, entry in enumerate(report.per_class)
    ]
    head = ("Class", "Found (recall)", "95 % interval", "Right when it says so (precision)", "F1", "Photos")
    return table(head, rows)


def _range(interval: tuple[float, float]) -> str:
    return f"{interval[0] * 100:.0f} to {percent(interval[1])}"


def _wrong(content: ReportContent) -> Markup:
    wrong = len(content.report.photos) - content.report.right
    if not wrong:
        return tag("p", "There are none: the model got every photo of the exam right.")
    shown = f"the {len(content.wrong):,} that it was surest of" if wrong > len(content.wrong) else "surest first"
    figures = (_figure(content, entry) for entry in content.wrong)
    return joined(
        tag("p", f"{counted(wrong, 'photo')}, {shown}.", class_="quiet"),
        tag("div", *figures, class_="photos"),
    )


def _figure(content: ReportContent, entry: WrongPhoto) -> Markup:
    classes, photo = content.report.classes, entry.photo
    words = f"{classes[photo.true]}, taken for {classes[photo.predicted]}"
    picture = (
        tag("img", src=entry.picture, alt=words)
        if entry.picture
        else tag("div", "This photo can't be read any more", class_="missing")
    )
    caption = joined(
        tag("b", classes[photo.predicted]),
        f" {percent(photo.score)}, labelled {classes[photo.true]}",
        tag("br"),
        tag("span", photo.path.rpartition("/")[2], class_="quiet"),
    )
    return tag("figure", picture, tag("figcaption", caption))


def _data(content: ReportContent) -> Markup:
    run = content.run
    head = ("Class", "To learn from", "To check on", "Exam", "All")
    lost = facts.rejected(run, content.report.rejected)
    files = [tag("li", f"{path}: {reason}") for path, reason in lost[:_MOST_FILES]]
    more = [tag("li", f"and {len(lost) - _MOST_FILES:,} more")] if len(lost) > _MOST_FILES else []
    unreadable = [tag("h3", f"Left out, because they can't be read: {len(lost):,}"), tag("ul", *files, *more)]
    return joined(
        table(head, list(facts.counts(run))),
        tag("p", f"Folder: {run.root}. Shared out {facts.sharing(run)}."),
        tag("p", sentences.leaks_of(run)),
        *(unreadable if lost else [tag("p", "Every photo could be read.")]),
    )


def _recipe(content: ReportContent) -> Markup:
    run = content.run
    head = ("Phase", "Rounds", "Settings", "Checked", "Exam", "Error of both (loss)")
    curves = drawings.curves(run.history)
    key = "Photos right by round: thick, those checked on; dashed, those learnt from."
    return joined(
        _facts(facts.network(run)),
        tag("h3", "Phases"),
        table(head, list(facts.phases(run)), "phases"),
        *([tag("h3", "How it learnt"), curves, tag("p", key, class_="quiet")] if curves else []),
        _facts(facts.training(run)),
    )


def _figures(content: ReportContent) -> Markup:
    return joined(_facts(sentences.terms(content.report)), tag("p", sentences.calibration(content), class_="quiet"))


def _limits(content: ReportContent) -> Markup:
    return tag("ul", *(tag("li", sentence) for sentence in sentences.limits(content)))


def _versions(content: ReportContent) -> Markup:
    return _facts(facts.circumstances(content.run))


def _facts(found: facts.Facts) -> Markup:
    return tag("table", tag("tbody", *(_fact(*fact) for fact in found)), class_="words")


def _fact(name: str, value: str) -> Markup:
    return tag("tr", tag("th", name, scope="row"), tag("td", value))


_SECTIONS: Final[tuple[tuple[str, Callable[[ReportContent], Markup]], ...]] = (
    ("How good it is", _result),
    ("Where it goes wrong", _mistakes),
    ("Class by class", _classes),
    ("Photos that it gets wrong", _wrong),
    ("All figures", _figures),
    ("The photos", _data),
    ("How it was made", _recipe),
    ("What it can't do", _limits),
    ("Versions and computer", _versions),
)

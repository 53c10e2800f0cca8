"""The card "Health of this folder": every file accounted for, and what to know before training."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.dataset import Dataset, IgnoredKind, Part
from tlstudio.datasets.looks.duplicates import Group, leaks
from tlstudio.datasets.looks.looks import Looks
from tlstudio.datasets.problems import Fix, Problem, Severity
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.datasets.splits.split import Split
from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.readings import ABOUT_READING, MORE_WAYS
from tlstudio.ui.words.wording import split_message
from tlstudio.wording import counted

FindingKind = Literal["good", "unsure", "info", "wrong"]
Target = Literal[
    "", "rejected", "ignored", "unlabelled", "two_classes", "twice", "alike", "flagged", "left_out", "size_rule"
]

_LOOKS: Final[dict[FindingKind, tuple[str, str, str]]] = {
    "good": ("check", "accent", "accent_soft"),
    "unsure": ("warning", "unsure", "unsure_soft"),
    "info": ("info", "info", "info_soft"),
    "wrong": ("warning", "wrong", "wrong_soft"),
}
# Told in shorter words than the problem's own, with a way to the photos.
_TOLD_OTHERWISE: Final = frozenset(("unlabelled_photos", "same_photo_in_two_classes", "imbalance"))
_ORDER: Final = ("good", "wrong", "unsure", "info")
_KINDS: Final[dict[Severity, FindingKind]] = {"blocking": "wrong", "warning": "unsure", "note": "info"}
_LEFT_ASIDE: Final[dict[IgnoredKind, str]] = {
    "system": "Kept by the system, so left aside",
    "hidden": "Hidden, so left aside",
    "other": "No photos, so left aside",
}
_SQUARE: Final = 32
_REASONS_SHOWN: Final = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a folder.

    Attributes:
        kind: How serious it is.
        title: The sentence.
        line: Why it matters, or what to do.
        target: What its button leads to; empty for no button.
        fix: Another way to read the folder that its button proposes, or None.
        more_ways: Whether it is about how the folder is read, so that other ways may be wanted.
        closer: What looking closer would do, where a button offers it; else empty.
    """

    kind: FindingKind
    title: str
    line: str
    target: Target = ""
    fix: Fix | None = None
    more_ways: bool = False
    closer: str = ""


def find_all(
    dataset: Dataset,
    problems: Sequence[Problem],
    looks: Looks,
    gone: int = 0,
    size_rule: SizeRule | None = None,
    split: Split | None = None,
    closer: str = "",
) -> list[Finding]:
    """All findings: the accounting, then the gravest first.

    Args:
        dataset: The folder.
        problems: What ``find_problems`` says of it.
        looks: How its photos look.
        gone: Of its photos, those known not to be there any more.
        size_rule: What leaves photos out by their size.
        split: How they are shared out.
        closer: What looking closer would do; empty where there is nothing more to see.
    """
    findings = []
    all_gone = 0 < len(dataset.samples) <= gone
    if dataset.found and not all_gone:
        findings.append(Finding("good", f"{counted(dataset.found, 'file')}, all accounted for", _accounting(dataset)))
    if gone:
        findings.append(_gone(dataset, gone))
    # A folder to read instead is the matter of a card of its own.
    told = [problem for problem in problems if problem.code not in _TOLD_OTHERWISE and problem.folder is None]
    findings += [_of_problem(problem) for problem in told]
    findings += [*_of_files(dataset, problems), *_of_copies(dataset, looks)]
    findings += [*_of_alike(looks, _apart(dataset, looks, split), closer), *_of_flagged(looks)]
    findings += _of_left_out(dataset, size_rule)
    return sorted(findings, key=lambda finding: _ORDER.index(finding.kind))


def _of_left_out(dataset: Dataset, rule: SizeRule | None) -> list[Finding]:
    findings, outside = [], 0
    if rule is not None:
        used = set(dataset.classes)
        outside = sum(
            photo.class_name in used and not rule.allows(photo.width, photo.height) for photo in dataset.left_out
        )
        title = f"{counted(outside, 'photo')} outside your size rule"
        findings.append(Finding("info", title, f"Used are photos {rule.words()}", "size_rule"))
    if len(dataset.left_out) > outside:
        title = f"{counted(len(dataset.left_out) - outside, 'photo')} left out by you"
        findings.append(Finding("info", title, "Not used; the files stay where they are", "left_out"))
    return findings


def _accounting(dataset: Dataset) -> str:
    kinds = Counter(file.kind for file in dataset.ignored)
    parts = [counted(len(dataset.samples), "photo")] if dataset.samples else []
    if dataset.unlabelled:
        noun = "" if dataset.samples else " photo" if len(dataset.unlabelled) == 1 else " photos"
        parts.append(f"{len(dataset.unlabelled):,}{noun} without a class")
    if dataset.left_out:
        parts.append(f"{len(dataset.left_out):,} left out by you")
    if dataset.rejected:
        parts.append(f"{len(dataset.rejected):,} unreadable")
    return ", ".join(parts + _kinds(kinds))


def _kinds(kinds: Counter[IgnoredKind]) -> list[str]:
    words: tuple[tuple[IgnoredKind, str], ...] = (
        ("system", "system file"),
        ("hidden", "hidden file"),
        ("other", "other file"),
    )
    return [counted(kinds[kind], noun) for kind, noun in words if kinds[kind]]


def _gone(dataset: Dataset, gone: int) -> Finding:
    title = "Its photos aren't there any more"
    if gone < len(dataset.samples):
        title = f"{counted(gone, 'photo')} {'is' if gone == 1 else 'are'} not there any more"
    return Finding("wrong", title, f"They were in {dataset.root}. To train on them again, choose their folder anew.")


def _of_problem(problem: Problem) -> Finding:
    title, rest = split_message(problem.message)
    line, more_ways = f"{rest} {problem.hint}".strip(), problem.code in ABOUT_READING
    return Finding(_KINDS[problem.severity], title, line, fix=problem.fix, more_ways=more_ways)


def _of_files(dataset: Dataset, problems: Sequence[Problem]) -> list[Finding]:
    findings = []
    if dataset.rejected:
        title = f"{counted(len(dataset.rejected), 'photo')} can't be read"
        findings.append(Finding("unsure", title, _reasons(dataset), "rejected"))
    unlabelled = next((problem for problem in problems if problem.code == "unlabelled_photos"), None)
    if unlabelled is not None:
        count = len(dataset.unlabelled)
        title = f"{counted(count, 'photo')} {'has' if count == 1 else 'have'} no class"
        findings.append(Finding("unsure", title, unlabelled.hint, "unlabelled"))
    if dataset.ignored:
        title = counted(len(dataset.ignored), "other file")
        kinds = Counter(file.kind for file in dataset.ignored)
        line = f"{', '.join(_kinds(kinds))}: left aside" if len(kinds) > 1 else _LEFT_ASIDE[next(iter(kinds))]
        findings.append(Finding("info", title, line, "ignored"))
    return findings


def _reasons(dataset: Dataset) -> str:
    """The commonest reasons in a few words: "Cut short, empty"."""
    heads = Counter(file.reason.split(":")[0].rstrip(".") for file in dataset.rejected)
    shown = [head for head, _ in heads.most_common(_REASONS_SHOWN)]
    line = ", ".join([shown[0], *(head[:1].lower() + head[1:] for head in shown[1:])])
    return line + (" and other reasons" if len(heads) > len(shown) else "")


def _of_copies(dataset: Dataset, looks: Looks) -> list[Finding]:
    findings = []
    if looks.two_classes:
        count = len(looks.two_classes)
        title = f"{counted(count, 'photo')} {'is' if count == 1 else 'are'} in two classes"
        names = dict.fromkeys(dataset.samples[number].class_name for number in looks.two_classes[0])
        same = f"The same file in {' and '.join(names)}." if count == 1 else "The same file under different names."
        line = f"{same} Leave it out where it doesn’t belong."
        findings.append(Finding("unsure", title, line, "two_classes"))
    if looks.twice:
        count = len(looks.twice)
        often = "twice" if all(len(group) == 2 for group in looks.twice) else "more than once"
        title = f"{counted(count, 'photo')} {'is' if count == 1 else 'are'} there {often}"
        findings.append(Finding("info", title, "Kept on the same side", "twice"))
    return findings


def _of_alike(looks: Looks, apart: Sequence[Group], closer: str) -> list[Finding]:
    """Photos that look alike, and those of them that lie in several parts of a split that stays as it is."""
    findings = []
    alike = [group for group in looks.duplicates.groups if group.kind != "identical"]
    more, other = _more(looks), "other " if looks.duplicates.groups else ""
    if conflicts := [group for group in alike if group.conflict]:
        title = f"{_photos(conflicts)} that look alike lie in two classes"
        line = f"In {' and '.join(conflicts[0].classes)}, for one. Move them to the right class. {more}".rstrip()
        findings.append(Finding("unsure", title, line, "alike", closer=closer))
    elif alike:
        side = "" if apart else "Kept on one side, so that the exam is fair"
        line = f"{more} {side}.".removesuffix(" .") if more else side
        findings.append(Finding("info", f"{_photos(alike)} look alike", line, "alike", closer=closer))
    elif closer:
        line = "Copies that are cut or turned show only when a network compares them"
        findings.append(Finding("info", f"No {other}photos look alike at first sight", line, closer=closer))
    elif more:
        findings.append(Finding("good", f"No {other}photos look alike", "Not even to a network that compared them"))
    if apart:
        line = "They show the same. The exam will look better than it is."
        findings.append(Finding("unsure", f"{_photos(apart)} are in two parts of your split", line, "alike"))
    return findings


def _more(looks: Looks) -> str:
    """What a closer look has found; empty where there was none."""
    if looks.more is None:
        return ""
    return f"{looks.more:,} more than at first sight." if looks.more else "A closer look found no more."


def _photos(groups: Sequence[Group]) -> str:
    return counted(sum(len(group.indices) for group in groups), "photo")


def _apart(dataset: Dataset, looks: Looks, split: Split | None) -> tuple[Group, ...]:
    """Groups in several parts of a split that the folders say, or that is locked: nothing else lets them part."""
    if dataset.given:
        return leaks(dataset, Split(*_given(dataset)), looks.duplicates)
    return leaks(dataset, split, looks.duplicates) if dataset.lock is not None and split is not None else ()


def _of_flagged(looks: Looks) -> list[Finding]:
    if not looks.flagged:
        return []
    title = f"{counted(len(looks.flagged), 'photo')} {'is' if len(looks.flagged) == 1 else 'are'} hard to see"
    return [Finding("info", title, "Blank, very dark or very blurred", "flagged")]


def _given(dataset: Dataset) -> tuple[tuple[int, ...], ...]:
    """Indices of the samples whose part is said by where they lie, for each part."""
    parts: dict[Part, list[int]] = {"train": [], "validation": [], "test": []}
    for index, sample in enumerate(dataset.samples):
        if sample.path in dataset.given:
            parts[dataset.given[sample.path]].append(index)
    return tuple(tuple(numbers) for numbers in parts.values())


class HealthCard(Card):
    """Findings under each other.

    Attributes:
        requested: Carries the target of the finding whose button was pressed.
        fix_taken: Carries the Fix of the finding whose button was pressed.
        reading_wanted: A person wants to say how the folder is read.
        closer_wanted: A person wants a network to compare the photos.
    """

    requested = Signal(str)
    fix_taken = Signal(object)
    reading_wanted = Signal()
    closer_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Health of this folder", parent=parent)
        self.body.setSpacing(theme.SPACE_12)
        self._rows: list[QWidget] = []
        self._source = TextLabel("", "secondary", "text2", wrap=True)
        self._change = Button("Change…", "text", size="small")
        set_tooltip(self._change, "Take the classes from folders, file names or a table; no file is touched")
        self._change.setAccessibleName("Change how the photos are read")
        self._change.clicked.connect(self.reading_wanted)
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._source, 1)
        line.addWidget(self._change)
        self.add_footer(foot)

    def set_source(self, words: str, *, changeable: bool) -> None:
        """Say where the classes come from; what is shown next offers other ways only if it is ``changeable``."""
        self._source.setText(words)
        self._change.setVisible(changeable)

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Show ``findings``."""
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [self._row(finding) for finding in findings]
        for row in self._rows:
            self.body.addWidget(row)

    def _row(self, finding: Finding) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_12)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(TextLabel(finding.title, "label", wrap=True))
        if finding.line:
            words.addWidget(TextLabel(finding.line, "secondary", "text2", wrap=True))
        line.addWidget(_Square(finding.kind), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        if finding.target:
            verb = "Change" if finding.target == "size_rule" else "Show"
            button = Button(verb, "text", size="small")
            button.setAccessibleName(f"{verb}: {finding.title}")
            set_tooltip(button, f"{verb}: {finding.title}")
            button.clicked.connect(lambda: self.requested.emit(finding.target))
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        if finding.fix is not None:
            words.addWidget(self._fix_button(finding.fix), 0, Qt.AlignmentFlag.AlignLeft)
        if finding.closer:
            words.addWidget(self._closer_button(finding.closer), 0, Qt.AlignmentFlag.AlignLeft)
        if finding.more_ways and not self._change.isHidden():
            words.addWidget(self._more_ways_button(), 0, Qt.AlignmentFlag.AlignLeft)
        return row

    def _more_ways_button(self) -> Button:
        button = Button(MORE_WAYS, "text", size="small")
        set_tooltip(button, "Say how the folder is read, and see what would come of it")
        button.clicked.connect(self.reading_wanted)
        return button

    def _closer_button(self, what: str) -> Button:
        button = Button("Look closer", "text", size="small")
        set_tooltip(button, what, term="Embedding, cosine similarity")
        button.clicked.connect(self.closer_wanted)
        return button

    def _fix_button(self, fix: Fix) -> Button:
        button = Button(fix.title, "text", size="small")
        set_tooltip(button, "Changes only how the folder is read; no file is touched")
        button.clicked.connect(lambda: self.fix_taken.emit(fix))
        return button


class _Square(QWidget):
    """An icon on a soft ground."""

    def __init__(self, kind: FindingKind) -> None:
        super().__init__()
        self._kind = kind
        self.setFixedSize(_SQUARE, _SQUARE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and icon."""
        painter = QPainter(self)
        painting.prepare(painter)
        glyph, ink, ground = _LOOKS[self._kind]
        painting.box(painter, self.rect(), theme.RADIUS_BUTTON, theme.color(ground))
        inset = (_SQUARE - theme.ICON_SIZE) / 2
        icons.paint(painter, glyph, QRectF(inset, inset, theme.ICON_SIZE, theme.ICON_SIZE), theme.color(ink))

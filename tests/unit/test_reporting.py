"""The report that is handed to others: one file, nothing from elsewhere, every name escaped."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from stored_runs import SURE, make_run

from tlstudio.datasets.dataset import Rejected
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.evaluation.judge import build_report
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.reporting.answers_table import answers_csv
from tlstudio.reporting.content import MOST_PHOTOS
from tlstudio.reporting.drawings import interval
from tlstudio.reporting.model_card import model_card
from tlstudio.reporting.page import html_report
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.report import answers_of, report_content, save_report

HOSTILE = '<script>alert("1")</script>&*_|`#'
VOID = {"meta", "img", "br", "rect", "line", "circle", "polyline"}


class Outline(HTMLParser):
    """What is in a page: its elements, their attributes, its text; and whether every element is closed."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page.decode())
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def stored(tmp_path: Path, class_folders: Callable[..., Path]) -> StoredRun:
    root = class_folders({"daisy": 30, "rose": 30, "tulip": 30})
    lost = (Rejected("rose/broken.jpg", "Empty file."),)
    return make_run(tmp_path / "runs" / "Garden", root, [0, 20, 40], ends=(0.8, 0.9), rejected=lost)


def judgement(stored: StoredRun) -> Report:
    report = stored.report()
    assert report is not None
    return report


def page_of(stored: StoredRun, report: Report, silent: Emit) -> Outline:
    return Outline(html_report(report_content(stored, report, emit=silent, token=CancelToken())))


def renamed(report: Report, name: str) -> Report:
    first = replace(report.per_class[0], name=name)
    return replace(report, classes=(name, *report.classes[1:]), per_class=(first, *report.per_class[1:]))


def test_it_tells_everything_that_a_reviewer_asks(stored: StoredRun, silent: Emit) -> None:
    page = page_of(stored, judgement(stored), silent)
    for words in (
        "Of 100 new photos, about 82 to 98 will be right.",
        "Measured on 45 photos that the model had never seen: 42 right, 3 wrong.",
        "Confusion matrix of 3 classes",
        "1 × daisy taken for rose",
        "Found (recall)",
        "rose/broken.jpg: Empty file.",
        "No file of the exam has the same contents as one that was learnt from.",
        "Refining (fine-tuning)",
        "Macro-F1",
        "It knows 3 classes",
        "tlstudio",
    ):
        assert words in page.text
    assert page.tags.count("h1") == 1
    assert page.tags.count("section") == 9


@pytest.mark.parametrize(("right", "classes"), [(1, 101), (50, 2), (52, 2), (97, 2), (100, 2)])
def test_words_under_the_interval_neither_touch_nor_are_cut(right: int, classes: int) -> None:
    labels = np.arange(100) % classes
    answers = np.where(np.arange(100) < right, labels, (labels + 1) % classes)
    names = tuple(f"class {number}" for number in range(classes))
    paths = [f"{number}.jpg" for number in range(100)]
    report = build_report("photos", names, paths, labels, np.eye(classes)[answers])
    drawn = re.findall(r'<text x="([\d.]+)" y="(\d+)"[^>]*>([^<]+)</text>', interval(report))
    spans = [(float(y), float(x) - 3 * len(words), float(x) + 3 * len(words)) for x, y, words in drawn]
    assert {words for *_, words in drawn} >= {f"{right} % right", "the largest class"}
    assert all(left >= 0 for _, left, _ in spans)
    for number, (line, left, end) in enumerate(spans):
        assert all(line != other or end < start or stop < left for other, start, stop in spans[:number])


def test_it_is_one_file_that_fetches_nothing(stored: StoredRun, silent: Emit) -> None:
    page = page_of(stored, judgement(stored), silent)
    assert not {"script", "link", "iframe", "object", "form", "base"} & set(page.tags)
    sources = [value for name, value in page.attributes if name in {"src", "href", "xlink:href", "action", "data"}]
    assert len(sources) == 3
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert ("http-equiv", "Content-Security-Policy") in page.attributes
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert "url(" not in page.text
    assert "@import" not in page.text


def test_it_prints(stored: StoredRun, silent: Emit) -> None:
    text = page_of(stored, judgement(stored), silent).text
    assert "@media print" in text
    assert "@page" in text
    assert "break-inside: avoid" in text


def test_no_name_is_taken_for_markup(stored: StoredRun, silent: Emit) -> None:
    hostile = StoredRun(stored.folder, replace(stored.run, name=HOSTILE, root=f"/photos/{HOSTILE}"))
    page = page_of(hostile, renamed(judgement(stored), HOSTILE), silent)
    assert "script" not in page.tags
    assert HOSTILE in page.text


def test_a_photo_that_is_gone_is_said(stored: StoredRun, silent: Emit) -> None:
    report = judgement(stored)
    wrong = next(photo for photo in report.photos if not photo.right)
    (Path(report.root) / wrong.path).unlink()
    page = page_of(stored, report, silent)
    assert "This photo can't be read any more" in page.text
    assert page.tags.count("img") == 2


def test_a_name_that_is_no_utf8_breaks_nothing(stored: StoredRun, silent: Emit) -> None:
    odd = renamed(judgement(stored), "ros\udce9")
    content = report_content(stored, odd, emit=silent, token=CancelToken())
    assert "ros?" in Outline(html_report(content)).text
    assert b"ros?" in model_card(content)


@pytest.mark.parametrize("count", [2, 24, 101])
def test_any_number_of_classes_fits(stored: StoredRun, silent: Emit, count: int) -> None:
    names = [f"class {number} with a rather long name" for number in range(count)]
    labels = np.arange(count * 2) % count
    scores = np.full((len(labels), count), 0.1 / count)
    scores[np.arange(len(labels)), (labels + (labels % 3 == 0)) % count] = SURE
    report = build_report(stored.run.root, names, [f"{number}.jpg" for number in labels], labels, scores)
    page = page_of(stored, report, silent)
    boxes = [float(value) for name, value in page.attributes if name == "width" and re.fullmatch(r"[\d.]+", value)]
    assert max(boxes) <= 1000
    assert page.tags.count("figure") == min(MOST_PHOTOS, len(report.photos) - report.right)


def test_a_stop_takes_effect_between_photos(stored: StoredRun, silent: Emit) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        report_content(stored, judgement(stored), emit=silent, token=token)


def test_the_card_has_the_headings_of_a_model_card(stored: StoredRun, silent: Emit) -> None:
    text = model_card(report_content(stored, judgement(stored), emit=silent, token=CancelToken())).decode()
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == [
        "# Garden",
        "## Model details",
        "## Intended use",
        "## Training and evaluation data",
        "## Metrics",
        "## Quantitative analyses",
        "## Caveats and limits",
        "## Versions",
    ]
    assert "- Accuracy: 93.3 %" in text


def test_no_name_is_taken_for_markdown(stored: StoredRun, silent: Emit) -> None:
    odd = renamed(judgement(stored), HOSTILE)
    text = model_card(report_content(stored, odd, emit=silent, token=CancelToken())).decode()
    assert "<script" not in text.replace("\\<", "")
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {6, 7}


def test_the_answers_are_in_the_form_of_collection_001(stored: StoredRun) -> None:
    report = judgement(stored)
    rows = list(csv.reader(io.StringIO(answers_of(stored, report).decode("utf-8-sig"))))
    assert rows[0] == ["id", "photos", "truth", "right", "score daisy", "score rose", "score tulip"]
    assert len(rows) == 46
    assert rows[1][:4] == ["daisy_photo_001.jpg", "rose", "daisy", "0"]
    assert sum(map(float, rows[1][4:])) == pytest.approx(1, abs=1e-5)
    assert len({row[0] for row in rows}) == 46


def test_without_the_scores_of_the_run_the_best_few_stand_there(stored: StoredRun) -> None:
    (stored.folder / "scores.npz").unlink()
    row = next(csv.reader(io.StringIO(answers_of(stored, judgement(stored)).decode("utf-8-sig").split("\n", 1)[1])))
    assert float(row[5]) == pytest.approx(SURE)


def test_photos_of_one_name_have_ids_of_their_own() -> None:
    scores = np.array([[0.9, 0.1], [0.8, 0.2]])
    report = build_report("/p", ("a", "b"), ["a/x/1.jpg", "a/y/1.jpg"], np.array([0, 0]), scores)
    rows = list(csv.reader(io.StringIO(answers_csv(report, "p").decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["a_1.jpg", "a_1 (2).jpg"]


def test_everything_is_saved_into_a_folder_of_its_own(stored: StoredRun, tmp_path: Path, silent: Emit) -> None:
    report = judgement(stored)
    made = [save_report(stored, report, tmp_path, emit=silent, token=CancelToken()) for _ in range(2)]
    assert [folder.name for folder in made] == ["Garden report", "Garden report 2"]
    assert {path.name for path in made[0].iterdir()} == {
        "report.html", "model-card.md", "answers.csv", "report.json", "classes.csv", "confusion.csv",
    }  # fmt: skip


def test_a_place_that_is_not_there_is_said(stored: StoredRun, tmp_path: Path, silent: Emit) -> None:
    with pytest.raises(TLStudioError, match="can't be saved"):
        save_report(stored, judgement(stored), tmp_path / "nowhere", emit=silent, token=CancelToken())

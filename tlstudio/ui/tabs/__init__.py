"""The five tabs. A new one is one entry in ``TABS`` and one package beside the others."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the pure modules of the tabs are imported without Qt
    from tlstudio.ui.session import Session
    from tlstudio.ui.tabs.tab import Tab
    from tlstudio.ui.widgets.thumbnails import ThumbnailCache


@dataclass(frozen=True, slots=True)
class TabEntry:
    """One tab of the window.

    Attributes:
        key: What code calls it.
        title: What a person calls it.
        module: Module under ``tlstudio.ui.tabs``; imported after the window is up.
        name: Its ``Tab`` subclass in that module.
    """

    key: str
    title: str
    module: str
    name: str

    def load(self) -> "Callable[[Session, ThumbnailCache], Tab]":
        """Import what it is made of, which takes about as long as making it."""
        kind: Callable[[Session, ThumbnailCache], Tab] = getattr(
            import_module(f"tlstudio.ui.tabs.{self.module}"), self.name
        )
        return kind

    def make(self, session: "Session", thumbnails: "ThumbnailCache") -> "Tab":
        """The tab itself."""
        return self.load()(session, thumbnails)


TABS: tuple[TabEntry, ...] = (
    TabEntry("dataset", "Dataset", "dataset.dataset_tab", "DatasetTab"),
    TabEntry("model", "Model", "model.model_tab", "ModelTab"),
    TabEntry("training", "Training", "training.training_tab", "TrainingTab"),
    TabEntry("evaluation", "Evaluation", "evaluation.evaluation_tab", "EvaluationTab"),
    TabEntry("predict", "Predict", "predict.predict_tab", "PredictTab"),
)

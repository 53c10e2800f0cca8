"""The window: how soon it is there, and how long its event loop stalls while it reads photos and trains.

Usage: python benchmarks/window.py FOLDER WEIGHTS [--backbone mobilenet_v2_1.0]   (offscreen unless there is a display)
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HOME = tempfile.TemporaryDirectory()
os.environ["TLSTUDIO_HOME"] = _HOME.name
os.environ["XDG_CONFIG_HOME"] = _HOME.name  # the settings of the window are the user's own

_START = """
import time, sys
from tlstudio.app import create_application
from tlstudio.ui.main_window import MainWindow
app = create_application(); window = MainWindow(); window.show(); app.processEvents()
assert "tensorflow" not in sys.modules
"""


def seconds_to_window() -> float:
    """From the start of the process to the first painted window; the best of three."""
    times = []
    for _ in range(3):
        begun = time.monotonic()
        subprocess.run([sys.executable, "-c", _START], check=True)
        times.append(time.monotonic() - begun)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("weights")
    parser.add_argument("--backbone", default="mobilenet_v2_1.0")
    parser.add_argument("--fine-tune-epochs", type=int, default=2)
    options = parser.parse_args()
    print(f"window shown after {seconds_to_window():.2f} s")

    from stalls import Stalls

    from tlstudio.app import create_application, start_backend
    from tlstudio.events import EpochEnded, Event, PhaseStarted
    from tlstudio.training.recipes import config_for, spec_for
    from tlstudio.ui.main_window import MainWindow

    app = create_application()
    window = MainWindow()
    session = window.session
    window.show()
    stalls = Stalls()

    def wait(done: "list[object]") -> None:
        while not done:
            app.processEvents()
            time.sleep(0.001)

    made: list[object] = []
    window.ready.connect(lambda: made.append(True))
    wait(made)
    stalls.name = "importing beside it (apart)"
    imported: list[object] = []

    def note(lane: str, busy: bool) -> None:
        if lane == "prepare" and not busy:
            imported.append(lane)

    start_backend(window)
    session.runner.busy_changed.connect(note)
    wait(imported)
    stalls.name = "reading the folder"
    read: list[object] = []
    session.photos.scan_ended.connect(lambda: read.append(True))
    session.photos.open_folder(options.folder)
    wait(read)

    def name(event: Event) -> None:
        if isinstance(event, PhaseStarted):
            stalls.name = f"tracing {event.name} (apart)"
        elif isinstance(event, EpochEnded):
            stalls.name = "training"

    session.training_reported.connect(name)
    spec = spec_for(options.backbone, options.weights)
    phases = config_for(spec, fine_tune_epochs=options.fine_tune_epochs).phases
    session.set_choices(session.choices.with_spec(spec).with_phases(phases))
    stalls.name = "preparing the engine and reading features"
    ended: list[object] = []
    session.training_ended.connect(lambda trained: ended.append(trained or "nothing"))
    session.train()
    wait(ended)
    stalls.name = "afterwards"
    for _ in range(200):
        app.processEvents()
        time.sleep(0.005)
    stalls.say()
    window.close()


if __name__ == "__main__":
    main()

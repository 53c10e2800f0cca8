"""Makes Qt impossible to import, as if it were not installed. Python reads this file when it starts."""

import sys

for name in ("PySide6", "shiboken6", "pyqtgraph"):
    sys.modules[name] = None  # type: ignore[assignment] # the documented way to block an import

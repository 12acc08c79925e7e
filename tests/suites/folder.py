"""Where the public suites are."""

from __future__ import annotations

import os
from pathlib import Path

SUITES = Path(os.environ.get("PENSTOCK_SUITES", Path(__file__).parents[3] / "shared" / "suites"))

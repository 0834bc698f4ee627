"""How the processes that share the tests share the machine."""

from __future__ import annotations

import os

CORES = max(1, (os.cpu_count() or 1) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
"""For each of them."""

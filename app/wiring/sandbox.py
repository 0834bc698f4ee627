"""Where the service runs code."""

from __future__ import annotations

import structlog

from app.exercises.python_runtime import FOLDER, PythonRuntime, Readiness
from app.exercises.sandbox import Sandbox
from app.settings import Settings
from app.wiring.reading import cores

log = structlog.get_logger(__name__)


def sandbox(settings: Settings) -> Sandbox:
    """Where code runs; what it needs is compiled behind the service where it was not yet, and interviews go on without."""
    runtime = PythonRuntime(settings.data_dir / FOLDER)
    found = runtime.readiness()
    if found is Readiness.NOT_PREPARED and settings.sandbox.prepare:
        runtime.prepare_apart()
        found = Readiness.PREPARING
    if found is not Readiness.READY:
        log.warning("python of the coding round", state=str(found))
    return Sandbox(runtime, at_once=max(1, cores(settings) // 2))

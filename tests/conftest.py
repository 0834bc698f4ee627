from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

# No test is timed: how long an example takes is the machine's business.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

if TYPE_CHECKING:
    from _collections_abc import dict_values


class _Loggers(dict[str, "logging.Logger | logging.PlaceHolder"]):
    """The loggers by name; whoever goes through them goes through those there were when it began.

    pytest goes through them around each test's setup, call and teardown, in the main thread. A served application's
    thread may import a module that names its logger just then, which ends in "dictionary changed size during iteration".
    """

    def values(self) -> dict_values[str, logging.Logger | logging.PlaceHolder]:
        return self.copy().values()


def pytest_configure() -> None:
    manager = logging.Logger.manager
    if not isinstance(manager.loggerDict, _Loggers):
        manager.loggerDict = _Loggers(manager.loggerDict)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"

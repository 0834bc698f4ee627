"""pytest goes through all loggers around each test, while threads of a served application may name new ones."""

from __future__ import annotations

import logging


def test_a_logger_named_meanwhile_does_not_end_a_walk_over_all_loggers() -> None:
    seen = 0
    for number, _ in enumerate(logging.Logger.manager.loggerDict.values()):
        logging.getLogger(f"named.meanwhile.{number}")
        seen += 1
    assert seen > 0

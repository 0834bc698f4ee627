"""README's table and `.env.example` are what the settings are. VIVA_TEST_WRITE_GOLDENS=1 writes them anew."""

from __future__ import annotations

import os

from app.settings import ROOT
from tests.support import settings_doc

README, EXAMPLE = ROOT / "README.md", ROOT / ".env.example"
WRITE = os.environ.get("VIVA_TEST_WRITE_GOLDENS") == "1"


def test_the_table_of_the_readme_is_in_step() -> None:
    readme = README.read_text(encoding="utf-8")
    assert readme.count(settings_doc.BEGIN) == readme.count(settings_doc.END) == 1
    expected = settings_doc.in_readme(readme)
    if WRITE:
        README.write_text(expected, encoding="utf-8")
        return
    assert readme == expected, "run `make goldens` and read its diff"


def test_the_example_of_an_env_file_is_in_step() -> None:
    expected = settings_doc.env_example()
    if WRITE:
        EXAMPLE.write_text(expected, encoding="utf-8")
        return
    assert EXAMPLE.read_text(encoding="utf-8") == expected, "run `make goldens` and read its diff"


def test_every_setting_but_the_obvious_ones_says_what_it_is_for() -> None:
    obvious = {"VIVA_SERVER__HOST", "VIVA_SERVER__PORT"}
    silent = {each.name for each in settings_doc.all_settings() if not each.says} - obvious
    # These names say it; a new one has to be explained.
    assert silent <= {
        "VIVA_PROMPTS",
        "VIVA_SERVER__MAX_BODY_BYTES",
        "VIVA_DATABASE__BUSY_TIMEOUT_MS",
        "VIVA_TELEMETRY__LEVEL",
        "VIVA_TELEMETRY__JSON_LINES",
    }

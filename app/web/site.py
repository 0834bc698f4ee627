"""The web app: which pages there are."""

from __future__ import annotations

from fastapi import FastAPI

from app.web import (
    data,
    deletion,
    errors,
    home,
    how_sure,
    marking,
    practice,
    question,
    reference,
    report,
    search,
    set_up,
    sharing,
    sign_in,
    study_days,
    talk,
    transcript,
)
from app.web.assets import Assets
from app.web.page import Pages

PAGES = (
    home,
    set_up,
    talk,
    how_sure,
    report,
    question,
    transcript,
    marking,
    sharing,
    search,
    practice,
    study_days,
    data,
    deletion,
    reference,
    sign_in,
)
"""Modules with a `router` of pages."""


def install(app: FastAPI) -> None:
    """Adds pages and what they load to the application; none of them is in its OpenAPI document."""
    assets = Assets.read()
    app.state.pages = Pages(assets)
    app.include_router(assets.router())
    for module in PAGES:
        app.include_router(module.router, include_in_schema=False)
    errors.install(app)

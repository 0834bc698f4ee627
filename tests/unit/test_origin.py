"""What another site's page could send is refused; what programs and one's own pages send is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.origin import KEY_COOKIE, refusal
from app.domain.errors import HostRefused, OriginRefused

HOST = "viva.example:8000"
COOKIE = f"{KEY_COOKIE}=viva_abc"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer x", "cookie": COOKIE},
        {"sec-fetch-site": "same-origin", "cookie": COOKIE},
        {"sec-fetch-site": "none"},
        {"origin": f"https://{HOST}", "cookie": COOKIE},
        {"cookie": "other=1"},
    ],
)
def test_programs_and_own_pages_may_change_things(headers: dict[str, str]) -> None:
    assert refusal("POST", {"host": HOST, **headers}, own_names_only=False) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://viva.example:3000"},
        {"sec-fetch-site": "cross-site", "origin": f"https://{HOST}"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"https://{HOST}.evil.example"},
        {"cookie": COOKIE},
        {"cookie": f"a=1; {COOKIE}"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_another_sites_page_may_not(method: str, headers: dict[str, str]) -> None:
    assert isinstance(refusal(method, {"host": HOST, **headers}, own_names_only=False), OriginRefused)


@given(st.sampled_from(["GET", "HEAD"]), st.text(max_size=20))
def test_reading_changes_nothing_and_is_not_refused(method: str, origin: str) -> None:
    assert refusal(method, {"host": HOST, "origin": origin}, own_names_only=False) is None


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", ""])
def test_the_machines_own_names(host: str) -> None:
    assert refusal("GET", {"host": host}, own_names_only=True) is None


@pytest.mark.parametrize("host", ["evil.example:8000", "127.0.0.1.evil.example", "[::2]:8000", "192.168.1.5:8000"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bent_name_is_refused_without_keys(method: str, host: str) -> None:
    assert isinstance(refusal(method, {"host": host}, own_names_only=True), HostRefused)
    assert refusal(method, {"host": host}, own_names_only=False) is None

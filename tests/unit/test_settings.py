"""Settings are refused where they are misspelt or do not go together, and show no secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from app.cli import app
from app.domain.errors import SettingsInvalid
from app.settings import ROOT, Settings, load
from app.telemetry.machine import available_cores
from app.wiring.reading import cores

HOSTED = {
    "VIVA_INTERVIEWER__PROVIDER": "openai",
    "VIVA_INTERVIEWER__NAME": "some-model",
    "VIVA_JUDGE__PROVIDER": "none",
}
SEVERAL = {
    **HOSTED,
    "VIVA_WORKERS": "2",
    "VIVA_RETRIEVAL__CHROMA_URL": "http://chroma:8000",
    "VIVA_DATABASE__URL": "postgresql://viva:hunter2@postgres/viva",
}


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without any of Viva's variables, in a folder without `.env`."""
    for name in list(os.environ):
        if name.startswith("VIVA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def put(variables: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        variables.setenv(name, value)


def refused(variables: pytest.MonkeyPatch, values: dict[str, str]) -> str:
    put(variables, values)
    with pytest.raises(SettingsInvalid) as found:
        load()
    return str(found.value)


def test_nothing_set_is_a_laptop(variables: pytest.MonkeyPatch) -> None:
    settings = load()
    assert settings.workers == 1
    assert settings.server.host == "127.0.0.1"
    assert not settings.server.api_keys
    assert settings.interviewer.provider == settings.judge.provider == "embedded"
    assert settings.database_url.startswith("sqlite:///")


@pytest.mark.parametrize("name", ["VIVA_SERVR__PORT", "VIVA_PORT", "VIVA_INTERVIEWERS__NAME"])
def test_an_unknown_variable_is_refused(variables: pytest.MonkeyPatch, name: str) -> None:
    assert name in refused(variables, {name: "1"})


@pytest.mark.parametrize("name", ["VIVA_SERVER__PROT", "VIVA_JUDGE__SAMPELS", "VIVA_RETRIEVAL__CHROMA__URL"])
def test_a_misspelling_inside_a_group_is_refused(variables: pytest.MonkeyPatch, name: str) -> None:
    assert name.rsplit("__", 1)[0] in refused(variables, {name: "1"})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("VIVA_SERVER__PROT", "VIVA_SERVER__PORT"),
        ("VIVA_SERVR__PORT", "VIVA_SERVER__PORT"),
        ("VIVA_DATADIR", "VIVA_DATA_DIR"),
        ("VIVA_JUDGE__SAMPELS", "VIVA_JUDGE__SAMPLES"),
    ],
)
def test_a_misspelling_is_told_what_was_meant(variables: pytest.MonkeyPatch, name: str, meant: str) -> None:
    assert refused(variables, {name: "1"}).splitlines()[1:] == [
        f"  {name} is not a setting of Viva: did you mean {meant}?"
    ]


def test_a_name_that_is_near_to_none_gets_no_guess(variables: pytest.MonkeyPatch) -> None:
    assert refused(variables, {"VIVA_COLOUR": "1"}).endswith("VIVA_COLOUR is not a setting of Viva")


def test_every_misspelling_is_named_at_once(variables: pytest.MonkeyPatch) -> None:
    said = refused(variables, {"VIVA_ONE": "1", "VIVA_TWO__X": "1"})
    assert "VIVA_ONE" in said
    assert "VIVA_TWO__X" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIVA_SERVER__PORT", "65536"),
        ("VIVA_SERVER__PORT", "http"),
        ("VIVA_WORKERS", "0"),
        ("VIVA_JUDGE__SAMPLES", "0"),
        ("VIVA_JUDGE__PROVIDER", "oracle"),
        ("VIVA_TELEMETRY__LEVEL", "loud"),
        ("VIVA_MORE_CORPORA", "not-json"),
    ],
)
def test_a_wrong_value_is_refused_by_name(variables: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert name in refused(variables, {name: value})


def test_the_variables_of_the_tests_are_let_through(variables: pytest.MonkeyPatch) -> None:
    put(variables, {"VIVA_TEST_WRITE_GOLDENS": "1"})
    load()


@pytest.mark.parametrize("role", ["INTERVIEWER", "JUDGE"])
@pytest.mark.parametrize("provider", ["openai", "langchain"])
def test_a_hosted_model_needs_its_name(variables: pytest.MonkeyPatch, role: str, provider: str) -> None:
    assert f"VIVA_{role}" in refused(variables, {f"VIVA_{role}__PROVIDER": provider})


def test_other_weights_need_their_hash(variables: pytest.MonkeyPatch) -> None:
    said = refused(variables, {"VIVA_EMBEDDED__WEIGHTS": "other.gguf"})
    assert "VIVA_EMBEDDED__WEIGHTS_SHA256" in said


def test_several_processes_with_everything_they_need(variables: pytest.MonkeyPatch) -> None:
    put(variables, SEVERAL)
    assert load().workers == 2


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"VIVA_RETRIEVAL__CHROMA_URL": ""}, "VIVA_RETRIEVAL__CHROMA_URL"),
        ({"VIVA_INTERVIEWER__PROVIDER": "embedded"}, "VIVA_INTERVIEWER__PROVIDER"),
        ({"VIVA_JUDGE__PROVIDER": "embedded"}, "VIVA_JUDGE__PROVIDER"),
        ({"VIVA_DATABASE__URL": ""}, "VIVA_DATABASE__URL"),
        ({"VIVA_DATABASE__URL": "sqlite:///viva.db"}, "VIVA_DATABASE__URL"),
    ],
)
def test_pairs_that_would_corrupt_or_mislead_are_refused(
    variables: pytest.MonkeyPatch, changed: dict[str, str], named: str
) -> None:
    assert named in refused(variables, {**SEVERAL, **changed})


def test_printing_shows_no_secret(variables: pytest.MonkeyPatch) -> None:
    put(
        variables,
        {
            "VIVA_INTERVIEWER__API_KEY": "sk-interviewer",
            "VIVA_JUDGE__API_KEY": "sk-judge",
            "VIVA_DATABASE__URL": "postgresql://viva:hunter2@postgres/viva",
        },
    )
    settings = load()
    for shown in (repr(settings), str(settings), f"{settings!r}"):
        assert "sk-interviewer" not in shown
        assert "sk-judge" not in shown
        assert "hunter2" not in shown


def test_a_refusal_shows_no_secret(variables: pytest.MonkeyPatch) -> None:
    said = refused(variables, {"VIVA_INTERVIEWER__PROVIDER": "openai", "VIVA_INTERVIEWER__API_KEY": "sk-secret"})
    assert "sk-secret" not in said
    said = refused(variables, {**SEVERAL, "VIVA_RETRIEVAL__CHROMA_URL": ""})
    assert "hunter2" not in said


def test_settings_cannot_be_changed(variables: pytest.MonkeyPatch) -> None:
    settings: Settings = load()
    with pytest.raises(ValueError, match="frozen"):
        settings.workers = 3  # type: ignore[misc]


def test_compose_believes_a_proxy_about_tls_and_lets_nobody_else_in() -> None:
    """The container sees its network's gateway as the caller: trusting it is safe while the port is the host's own."""
    viva = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["viva"]
    assert viva["environment"]["FORWARDED_ALLOW_IPS"] == "*"
    assert all(port.startswith("127.0.0.1:") for port in viva["ports"])


def test_an_image_installs_packages_before_it_sees_the_code_and_writes_nothing_but_data() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert lines.index("COPY app app") > next(at for at, line in enumerate(lines) if line.endswith("-e ."))
    assert [line for line in lines if "--chown" in line] == ["COPY --from=build --chown=viva:viva /data /viva/data"]
    assert [line for line in lines if line.startswith("FROM")] == [
        "FROM ${PYTHON_IMAGE} AS build",
        "FROM ${PYTHON_IMAGE}",
    ]
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert {each["restart"] for each in services.values()} == {"unless-stopped"}
    assert services["viva"]["init"] is True


def test_a_system_that_cannot_say_what_a_process_may_use_has_all_its_cores(variables: pytest.MonkeyPatch) -> None:
    variables.delattr(os, "sched_getaffinity", raising=False)
    variables.setattr(os, "cpu_count", lambda: 7)
    variables.setenv("VIVA_DATA_DIR", str(Path.cwd()))
    assert available_cores() == cores(load()) == 7
    said = CliRunner().invoke(app, ["doctor"])
    assert said.exception is None
    assert ", 7 cores" in said.output
    variables.setattr(os, "cpu_count", lambda: None)
    assert available_cores() == 1

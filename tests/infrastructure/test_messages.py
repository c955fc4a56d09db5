"""What goes wrong on this side of AWS is said in a sentence, before anything is made."""

import sys
from pathlib import Path

import pytest

from infrastructure import stages
from infrastructure.__main__ import main
from infrastructure.deployment import announce
from infrastructure.errors import DeploymentError
from infrastructure.stages import load_stage
from infrastructure.targets import ROOT, find_interpreter, local_target

NO_CREDENTIALS = (
    "No AWS credentials: set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; "
    "see docs/deployment.md.\n"
)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key in the environment, no files, no machine with a role."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("command", ["deploy", "undeploy", "smoke"])
def test_no_credentials(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([command, "dev"]) == 1
    assert capsys.readouterr() == ("", NO_CREDENTIALS)


def test_a_broken_stage_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(stages, "STAGES", tmp_path)
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    broken = tmp_path / "dev.json"
    broken.write_text('{\n  "region": "eu-central-1"\n  "template": {}\n}\n')
    with pytest.raises(DeploymentError) as stopped:
        load_stage("dev")
    assert stopped.value.message == (
        f"{broken} is no JSON: line 3, column 3: Expecting ',' delimiter."
    )


def test_broken_zappa_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "zappa_settings.json"
    broken.write_text("{")
    monkeypatch.setattr(stages, "SETTINGS", broken)
    with pytest.raises(DeploymentError) as stopped:
        load_stage("dev")
    assert stopped.value.message.startswith(f"{broken} is no JSON: line 1, column 2: ")


@pytest.mark.parametrize(
    ("python", "found"),
    [("/nope", "does not run"), (sys.executable, f"is {local_target().runtime}")],
)
def test_another_interpreter(monkeypatch: pytest.MonkeyPatch, python: str, found: str) -> None:
    """Named, it is taken or refused; nothing else is looked for."""
    monkeypatch.setenv("SHOP_TARGET_PYTHON", python)
    with pytest.raises(DeploymentError) as stopped:
        find_interpreter("python9.9")
    assert stopped.value.message == (
        "SHOP_TARGET_PYTHON is the path of the Python that compiles the package: python9.9, "
        f"which Lambda will run. {python} {found}."
    )


def test_a_named_interpreter_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    link = tmp_path / "python"
    link.symlink_to(sys.executable)
    monkeypatch.setenv("SHOP_TARGET_PYTHON", str(link))
    assert find_interpreter(local_target().runtime) == str(link)
    monkeypatch.setenv("SHOP_TARGET_PYTHON", "/nope")
    with pytest.raises(DeploymentError, match=r"/nope does not run\.$"):
        find_interpreter(local_target().runtime)


@pytest.mark.parametrize(
    ("python", "shown"),
    [
        (f"{ROOT}/.venv/bin/python", ".venv/bin/python"),
        ("/opt/my shop/bin/python", "'/opt/my shop/bin/python'"),
    ],
)
def test_the_last_words_of_a_deployment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], python: str, shown: str
) -> None:
    """With a command that can be copied: it needs no more than has run already."""
    monkeypatch.setattr(sys, "executable", python)
    announce(load_stage("dev"), "https://shop.example")
    assert capsys.readouterr().out == (
        "== The shop is live\n"
        "   Shop   https://shop.example/\n"
        "   API    https://shop.example/api/v1/\n"
        "   Docs   https://shop.example/api/v1/docs/\n"
        "   Admin  https://shop.example/admin/\n"
        f"   The first person for the admin: {shown} -m infrastructure manage dev "
        "createsuperuser\n"
    )

"""What the benchmark of cold starts runs, still runs."""

import json
import os
import sysconfig
from pathlib import Path

import pytest

from benchmarks.starting import Starter, make_bare_project
from infrastructure.targets import ROOT
from tests.aws_lambda.stages import load_stage

PAGE = {"results": [{"slug": "harbour-mug"}]}


@pytest.fixture
def bare(tmp_path: Path) -> Starter:
    """The bare project, on the packages of these tests."""
    settings = tmp_path / "zappa_settings.py"
    settings.write_text(load_stage("production").get_zappa_settings_string())
    folder = make_bare_project(tmp_path, json.dumps(PAGE), settings)
    environ = {**os.environ, "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1"}
    del environ["DJANGO_SETTINGS_MODULE"]
    packages = Path(sysconfig.get_path("purelib"))
    return Starter("shop.zappa_handler", environ, [folder, ROOT, packages])


def test_the_bare_project_answers_with_the_page(bare: Starter) -> None:
    made = bare.start(warm=2)

    assert json.loads(made.page) == PAGE
    assert 0 < made.warm < made.first < made.cpu < made.wall


def test_what_does_not_start_says_so(bare: Starter) -> None:
    nothing = Starter("shop.nothing", bare.environ, [bare.folder])
    with pytest.raises(RuntimeError, match=r"^shop\.nothing did not start"):
        nothing.start()

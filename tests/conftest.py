"""How property tests run (without a deadline, and the same examples each time where ``CI`` is set); templates; a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dask_cluster import Running, cluster_in
from hypothesis import settings
from template_head import HEAD

from quizgen.bank import Template, load_template
from quizgen.errors import BankError

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Template]:
    """Loads a template from the keys that a test is about, with data files beside it."""

    def load(text: str, head: str = HEAD, **files: str) -> Template:
        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_text(content, "utf-8")
        file = tmp_path / "t.yaml"
        file.write_text(text + head, "utf-8")
        return load_template(file)

    return load


@pytest.fixture
def problems(template: Callable[..., Template], tmp_path: Path) -> Callable[..., list[str]]:
    """The problems of a template, each as ``line:column: message``."""

    def found(text: str, **files: str) -> list[str]:
        with pytest.raises(BankError) as caught:
            template(text, **files)
        return [line.removeprefix(f"{tmp_path}/t.yaml:") for line in str(caught.value).splitlines()]

    return found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The cluster of all tests of a module."""
    pytest.importorskip("distributed", reason="the extra quizgen[cluster] is not installed")
    with cluster_in(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture
def address(running: Running) -> str:
    """The address of a cluster with two workers."""
    running.wait_for(2)
    return running.address

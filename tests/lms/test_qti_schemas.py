"""Packages of QTI are valid against the standards' schemas, whatever is in the bank."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from qti_bank import TEMPLATES, write_bank

from quizgen import load_bank
from quizgen.bank import Bank
from quizgen.lms.base import Format, Options
from quizgen.lms.export import export_quiz
from quizgen.lms.formats.qti import QTI3, QTI21, QTI22
from quizgen.quizzes import load_quiz

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(os.environ.get("QUIZGEN_XSD", ROOT.parent / "shared" / "xsd")) / "qti2-3"
QUIZZES = sorted((ROOT / "question_bank" / "quizzes").glob("*.yaml"))
FORMATS = {
    "2.1": (QTI21, ["qtiv2p1/imsqti_v2p1.xsd"], "imscp_v1p1.xsd"),
    "2.2": (QTI22, ["qtiv2p2/imsqti_v2p2.xsd", "qtiv2p2p4/imsqti_v2p2p4.xsd"], "imscp_v1p1.xsd"),
    "3.0": (QTI3, ["qtiv3p0/imsqti_asiv3p0_sbacv1p0_v1p0.xsd"], "qtiv3p0/imsqtiv3p0_imscpv1p2_v1p0.xsd"),
}
SECRET = b"schemas!" * 4


class Checker:
    """The schemas of a version: of items and tests (one or more that must all hold), and of the manifest."""

    def __init__(self, format: Format, items: list[str], manifest: str) -> None:
        self.format = format
        self.etree: Any = pytest.importorskip("lxml.etree", reason="lxml is not installed (pip install lxml)")
        if not SCHEMAS.is_dir():
            pytest.skip(f"the standards' schemas are not in {SCHEMAS}; QUIZGEN_XSD tells where they are")
        offline = self.etree.XMLParser(no_network=True)
        self.items = [self.etree.XMLSchema(self.etree.parse(str(SCHEMAS / name), offline)) for name in items]
        self.manifest = self.etree.XMLSchema(self.etree.parse(str(SCHEMAS / manifest), offline))

    def check(self, package: Path) -> int:
        """How many files there are, all of which are valid and named in the manifest."""
        with zipfile.ZipFile(package) as archive:
            contents = {name: archive.read(name) for name in archive.namelist()}
        for name, raw in contents.items():
            tree = self.etree.parse(io.BytesIO(raw))
            for schema in [self.manifest] if name == "imsmanifest.xml" else self.items:
                assert schema.validate(tree), f"{name}: {schema.error_log[0].message[:500]}"
        manifest = self.etree.fromstring(contents["imsmanifest.xml"])
        named = {node.get("href") for node in manifest.iter("{*}file")}
        assert named == set(contents) - {"imsmanifest.xml"}
        return len(contents)


@pytest.fixture(scope="module", params=FORMATS)
def checker(request: pytest.FixtureRequest) -> Checker:
    return Checker(*FORMATS[request.param])


@pytest.fixture(scope="module")
def shipped() -> Bank:
    return load_bank(prove=False)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_bank(tmp_path_factory.mktemp("hostile") / "bank")


@pytest.mark.parametrize("quiz", QUIZZES, ids=lambda path: path.stem)
def test_every_shipped_quiz_is_valid(quiz: Path, checker: Checker, shipped: Bank, tmp_path: Path) -> None:
    done = export_quiz(load_quiz(quiz), shipped, checker.format, tmp_path / "out.zip", variants=1, secret=SECRET)
    assert checker.check(tmp_path / "out.zip") == done.questions + 2


@pytest.mark.parametrize("math", ["mathml", "latex"])
def test_every_kind_and_rule_with_awkward_words_is_valid(math: str, checker: Checker, hostile: Bank, tmp_path: Path) -> None:
    items = "".join(f"  - {{template: {name}, points: 0.5}}\n" for name in TEMPLATES)
    instructions = "instructions: 'Read *all* & $a < b$.'\n"
    (tmp_path / "quiz.yaml").write_text(f"title: A & <b>\n{instructions}items:\n{items}", encoding="utf-8")
    options = Options(math=math)  # type: ignore[arg-type] # one of the two
    quiz, out = load_quiz(tmp_path / "quiz.yaml"), tmp_path / "out.zip"
    export_quiz(quiz, hostile, checker.format, out, variants=2, secret=SECRET, options=options)
    assert checker.check(out) > len(TEMPLATES)


def test_an_item_that_breaks_the_standard_is_found(checker: Checker, hostile: Bank, tmp_path: Path) -> None:
    (tmp_path / "quiz.yaml").write_text("title: A\nitems:\n  - {template: choice, points: 1}\n", encoding="utf-8")
    export_quiz(load_quiz(tmp_path / "quiz.yaml"), hostile, checker.format, tmp_path / "out.zip", variants=1, secret=SECRET)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        name = archive.namelist()[0]
        raw = archive.read(name).replace(b"SCORE", b"1SCORE")
    assert not any(schema.validate(checker.etree.parse(io.BytesIO(raw))) for schema in checker.items)

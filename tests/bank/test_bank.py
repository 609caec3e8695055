"""A bank's folder: which files are templates, what they say of themselves, and what a build keeps of them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from template_head import HEAD

from quizgen.bank import load_bank, load_template
from quizgen.bank.bank import CONCEPTS, MISTAKES
from quizgen.errors import BankError, QuizgenError

PLAIN = "draw: {p: {integer: [1, 5]}}\nstem: '{{ p }}'\nanswer: {kind: numeric, value: p, decimals: 0}" + HEAD
ROWS = "draw: {r: {rows: data.csv}}\nstem: '{{ r.p }}'\nanswer: {kind: numeric, value: r.p, decimals: 1}" + HEAD


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(path.suffix or ".yaml").write_text(text, "utf-8")
    return folder


def test_templates_are_the_yaml_files_below_the_folder_by_path_without_ending(tmp_path: Path) -> None:
    write(tmp_path, b=PLAIN, a__x=PLAIN, a__deep__y=PLAIN, quizzes__q=PLAIN, _draft=PLAIN, a___part=PLAIN)
    (tmp_path / "c.yml").write_text(PLAIN)
    for other in (".hidden.yaml", "notes.txt", "d.yaml.bak", "e.yoml", CONCEPTS, MISTAKES):
        source = load_bank().folder / other
        (tmp_path / other).write_text(source.read_text() if source.exists() else PLAIN)
    bank = load_bank(tmp_path)
    assert list(bank) == ["a/deep/y", "a/x", "b", "c"]
    assert len(bank) == 4
    assert "b" in bank
    assert bank["a/x"].id == "a/x"
    assert bank["b"] is bank["b"]
    assert [template.id for template in bank.load_all()] == list(bank)


def test_a_template_that_is_not_there_is_named_with_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="there is no template 'losss'; did you mean \"loss\""):
        _ = load_bank(write(tmp_path, loss=PLAIN))["losss"]


def test_two_files_of_one_id_are_an_error_and_not_one_lost(tmp_path: Path) -> None:
    write(tmp_path, a=PLAIN)
    (tmp_path / "a.yml").write_text(PLAIN)
    with pytest.raises(BankError, match=r"a\.yaml and a\.yml are both the template 'a'; keep one of them"):
        list(load_bank(tmp_path))


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="there is no such folder"):
        load_bank(tmp_path / "nothing")


def test_the_problems_of_all_files_come_together(tmp_path: Path) -> None:
    write(tmp_path, a="stem: [", b=PLAIN, c=PLAIN.replace("{{ p }}", "{{ q }}"))
    with pytest.raises(BankError) as caught:
        load_bank(tmp_path).load_all()
    assert [Path(problem.file).name for problem in caught.value.problems] == ["a.yaml", "c.yaml"]


def test_a_bank_without_concepts_and_mistakes_uses_those_that_are_shipped(tmp_path: Path) -> None:
    bank = load_bank(write(tmp_path, a=PLAIN))
    assert bank.concepts["calculating-cross-entropy-loss"].title == load_bank().concepts["calculating-cross-entropy-loss"].title
    assert "used-log10" in bank.mistakes


def test_headers_are_known_without_compiling_and_whatever_the_file_holds(tmp_path: Path) -> None:
    write(
        tmp_path,
        a=PLAIN + "tags: [x, 2]\n",
        b="answers: {x: {kind: essay}, y: {kind: order}}\ntitle: B\nminutes: 5.5\n",
        c="answers: [1]\nanswer: 3\ntags: 5\nminutes: long\nconcept: [a]\n",
        d="- a list\n",
    )
    headers = {header.id: header for header in load_bank(tmp_path).headers()}
    assert list(headers) == ["a", "b", "c", "d"]
    assert headers["a"].kinds == ("numeric",)
    assert headers["a"].tags == ("x", "2")
    assert (headers["b"].title, headers["b"].minutes, headers["b"].kinds) == ("B", 5.5, ("essay", "order"))
    assert (headers["c"].minutes, headers["c"].tags, headers["c"].kinds) == (0.0, (), ())
    assert headers["d"].title == "d"


def test_of_files_that_are_no_yaml_the_headers_are_not_left_out_but_refused_all_at_once(tmp_path: Path) -> None:
    bank = load_bank(write(tmp_path, a=PLAIN, e="stem: [", f="title: x\n\tstem: y\n"))
    with pytest.raises(BankError) as caught:
        bank.headers()
    assert [(Path(problem.file).name, problem.line) for problem in caught.value.problems] == [("e.yaml", 1), ("f.yaml", 2)]
    assert bank.header("a").kinds == ("numeric",)


def test_a_build_can_keep_every_file_that_its_templates_are_made_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extending = "extends: ../base/common.yaml\nstem: 'Given {{ p }}.'\n"
    bank_folder = write(tmp_path / "bank", base__common=PLAIN, deep__t=ROWS, deep__u=extending)
    (bank_folder / "deep" / "data.csv").write_text("p\n0.5\n0.1\n")
    (bank_folder / "data.csv").write_text("p\n0.9\n")  # another file of that name, seen from the bank's folder
    monkeypatch.chdir(bank_folder)
    for folder in (bank_folder, Path(), Path("../bank")):
        kept = load_bank(folder).frozen(["deep/t", "deep/u"])
        assert set(kept) == {CONCEPTS, MISTAKES, "deep/t.yaml", "deep/data.csv", "deep/u.yaml", "base/common.yaml"}
        assert kept["deep/data.csv"] == "p\n0.5\n0.1\n"
        assert kept["deep/u.yaml"] == extending
    copy = tmp_path / "copy"
    for name, text in kept.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text, "utf-8")
    for id in ("deep/t", "deep/u"):
        one, other = (load_bank(folder)[id].variants(secret=b"s", count=9).keys() for folder in (bank_folder, copy))
        assert one.tolist() == other.tolist()


def test_links_out_of_the_bank_are_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", secret=PLAIN)
    (outside / "data.csv").write_text("p\n0.5\n")
    folder = write(tmp_path / "bank", rows=ROWS, inner__real=PLAIN, base="extends: linked.yaml\n")
    (folder / "linked.yaml").symlink_to(outside / "secret.yaml")
    (folder / "data.csv").symlink_to(outside / "data.csv")
    (folder / "circle.yaml").symlink_to(folder / "circle.yaml")
    (folder / "within.yaml").symlink_to(folder / "inner" / "real.yaml")
    bank = load_bank(folder)
    for id, message in {
        "linked": "this link leads to no file inside the bank",
        "rows": "'data.csv' lies outside the bank",
        "base": "lies outside the bank",
        "circle": "this link leads to no file inside the bank",
    }.items():
        with pytest.raises(BankError, match=message):
            _ = bank[id]
    assert bank["within"].title == "A question"


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "/etc/passwd", "/dev/zero", ".", "", "x" * 5000, "no.csv", "t.yaml/x.csv", "sub"]
)
def test_a_data_file_is_one_beside_the_template(name: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    write(tmp_path, t=ROWS.replace("data.csv", f"'{name}'"))
    with pytest.raises(BankError, match=r"lies outside the bank|there is no data file"):
        _ = load_bank(tmp_path)["t"]


def test_a_folder_or_pipe_named_like_a_template_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    bank = load_bank(tmp_path)
    with pytest.raises(BankError, match="this is a folder, not a file"):
        _ = bank["folder"]
    with pytest.raises(BankError, match="this is not a regular file"):
        _ = bank["pipe"]


def test_a_single_file_is_loaded_with_the_bank_that_it_lies_in(tmp_path: Path) -> None:
    folder = write(tmp_path, deep__deeper__t=PLAIN.replace("calculating-cross-entropy-loss", "own"))
    (folder / CONCEPTS).write_text("concepts:\n  - {id: own, title: Own}\n")
    assert load_template(folder / "deep" / "deeper" / "t.yaml").id == "deep/deeper/t"


def test_a_single_file_is_loaded_without_looking_through_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, t=PLAIN)
    monkeypatch.setattr(Path, "rglob", lambda *_: pytest.fail("the folder was searched"))
    assert load_template(tmp_path / "t.yaml").id == "t"
    assert load_template(str(tmp_path / "t.yaml")).concept == "calculating-cross-entropy-loss"


@pytest.mark.parametrize("name", ["no.yaml", "", "sub"])
def test_a_single_file_that_is_not_there_is_an_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    with pytest.raises(QuizgenError, match="there is no such file"):
        load_template(tmp_path / name)


def test_a_large_bank_is_not_listed_where_a_name_is_near_no_template() -> None:
    said = load_bank().missing("zzzzzz")
    assert re.search(r"this bank has \d+, which `quizgen list` names", said)

"""The bench's server: for the one who has its address, and for nobody else."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sample_class import write_bank

from quizgen.checking.run import Target
from quizgen.checking.sweep import SECRET
from quizgen.serving.bench import Bench
from quizgen.serving.server import MAX_BODY, watching


class Page:
    """A client that has the page's address."""

    def __init__(self, address: str, bench: Bench) -> None:
        split = urlsplit(address)
        self.host, self.port, self.root, self.bench = split.hostname or "", split.port or 0, split.path, bench

    def raw(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def get(self, path: str) -> dict[str, object]:
        response, content = self.raw("GET", self.root + path)
        assert response.status == 200, content
        return dict(json.loads(content))

    def mark(self, address: object, answers: object) -> tuple[int, str]:
        body = json.dumps({"address": address, "answers": answers})
        response, content = self.raw("POST", f"{self.root}mark", body, Content_Type="application/json")
        return response.status, json.loads(content)["html"] if response.status == 200 else content.decode()

    def until(self, key: str, wanted: object) -> dict[str, object]:
        """The news as soon as they say what is wanted."""
        end, news = time.monotonic() + 20, -1
        while time.monotonic() < end:
            part = self.get(f"news?after={news}")
            if part[key] == wanted:
                return part
            news = int(str(part["news"]))
        raise AssertionError(part)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = write_bank(tmp_path_factory.mktemp("serving") / "bank")
    bench = Bench(Target(folder, "calc/surprisal", folder / "calc" / "surprisal.yaml"))
    with watching(bench, 2) as address:
        found = Page(address, bench)
        found.until("broken", False)
        yield found


def test_the_page_is_given_to_who_has_its_token(page: Page) -> None:
    response, content = page.raw("GET", page.root)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"connect-src &#39;self&#39;" in content
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/wrong/", "/variants?address=0", "//", "/{almost}/", "/{almost}/news", "/%ff/", "/é/"])
def test_nothing_is_given_without_the_token(page: Page, path: str) -> None:
    token = page.root.strip("/")
    almost = token[:-1] + ("A" if token[-1] != "A" else "B")
    with socket.create_connection((page.host, page.port), timeout=10) as link:
        head = f"GET {path.replace('{almost}', almost)} HTTP/1.1\r\nHost: {page.host}:{page.port}\r\nConnection: close\r\n\r\n"
        link.sendall(head.encode("latin-1"))
        reply = link.makefile("rb").read()
    assert reply.startswith(b"HTTP/1.1 403 ")
    assert b"surprisal" not in reply
    assert token.encode() not in reply


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "", "127.0.0.1.evil:{port}"]
)
def test_a_name_that_only_points_at_this_machine_is_refused_even_with_the_token(page: Page, method: str, host: str) -> None:
    body = "{}" if method == "POST" else None
    response, content = page.raw(method, page.root, body, Host=host.format(port=page.port))
    assert response.status == 403
    assert b"surprisal" not in content


def test_a_page_of_another_site_is_refused_and_the_own_one_is_not(page: Page) -> None:
    assert page.raw("GET", page.root, Origin="http://evil.example")[0].status == 403
    assert page.raw("GET", page.root, Origin="null")[0].status == 403
    assert page.raw("GET", page.root, Origin=f"http://127.0.0.1:{page.port}")[0].status == 200
    assert page.raw("GET", page.root, Host=f"localhost:{page.port}")[0].status == 200


def test_the_server_listens_on_loopback_alone(page: Page) -> None:
    assert page.host == "127.0.0.1"
    listening = Path("/proc/net/tcp").read_text().split() if Path("/proc/net/tcp").exists() else []
    ours = [word for word in listening if word.endswith(f":{page.port:04X}")]
    assert all(word.startswith("0100007F:") for word in ours)


def test_variants_stand_side_by_side_from_any_address_on(page: Page) -> None:
    template = page.bench.state.template
    assert template is not None
    for address in (0, 7, 2**40 - 2):
        part = page.get(f"variants?address={address}")
        html = str(part["html"])
        for row, q in enumerate(template.variants(secret=SECRET, start=address, count=2)["q"]):
            assert f'data-address="{address + row}"' in html
            assert f"{q:.2f}" in html
    assert "Worked solution" in html
    assert "linear-loss" in html
    assert 'data-address="1099511627774"' in str(page.get("variants?address=99999999999999")["html"])


def test_what_is_typed_is_marked_as_grading_marks_it(page: Page) -> None:
    template = page.bench.state.template
    assert template is not None
    variants = template.variants(secret=SECRET, start=5)
    key, q = float(variants.keys()[0]), float(variants["q"][0])
    for typed, outcome, said in (
        (f"{key:.3f}", "correct", "100 %"),
        (f"{1 - q:.3f}", "wrong", "linear-loss"), ("", "blank", "Blank"), ("many", "invalid", "many"),
    ):  # fmt: skip
        status, html = page.mark(5, {"answer": typed})
        assert status == 200
        assert f'class="outcome {outcome}"' in html
        assert said in html
    assert "<b>" not in page.mark(5, {"answer": "<b>x</b>"})[1]


@pytest.mark.parametrize(
    ("address", "given", "status"),
    [
        (5, {"other": "1"}, 200),
        (-1, {}, 400),
        ("5", {}, 400),
        (True, {}, 400),
        (2**40, {}, 400),
        (5, [], 400),
        (5, {"answer": 1}, 400),
    ],
)
def test_a_request_for_marks_that_makes_no_sense_is_refused(page: Page, address: object, given: object, status: int) -> None:
    assert page.mark(address, given)[0] == status


def test_other_requests_that_make_no_sense_are_refused_and_the_server_goes_on(page: Page) -> None:
    assert page.raw("POST", f"{page.root}mark", "no JSON")[0].status == 400
    assert page.raw("POST", f"{page.root}mark", "[" * 100_000)[0].status == 400
    assert page.raw("GET", f"{page.root}variants?address=x")[0].status == 400
    assert page.raw("GET", f"{page.root}variants?address={'9' * 5000}")[0].status == 400
    assert page.raw("GET", f"{page.root}../../etc/passwd")[0].status == 404
    assert page.raw("GET", f"{page.root}mark")[0].status == 404
    assert page.raw("DELETE", page.root)[0].status == 501
    assert page.raw("POST", f"{page.root}mark", Content_Length=str(MAX_BODY + 1))[0].status == 413
    assert page.raw("GET", page.root)[0].status == 200


def save(file: Path, text: str) -> None:
    """Writes a file in one step, so that no half of it is seen."""
    partial = file.with_name("partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)


def test_a_saved_change_is_news_and_an_error_is_told_with_line_and_column(page: Page) -> None:
    file = page.bench.target.file
    text = file.read_text(encoding="utf-8")
    before = page.until("broken", False)
    save(file, text.replace("What is its loss", "What is its cost"))
    after = page.until("version", int(str(before["version"])) + 1)
    assert "What is its cost" in str(page.get("variants?address=0")["html"])
    save(file, text.replace("level: apply", "level: aply"))
    broken = page.until("broken", True)
    assert int(str(broken["version"])) > int(str(after["version"]))
    assert '<span class="code">3:8</span>' in str(broken["html"])
    assert "What is its cost" in str(page.get("variants?address=0")["html"])
    save(file, text)
    mended = page.until("broken", False)
    assert "3:8" not in str(mended["html"])


def test_an_error_in_another_file_is_told_with_its_way_in_the_bank(page: Page) -> None:
    mistakes = page.bench.target.folder / "mistakes.yaml"
    page.until("broken", False)
    save(mistakes, "nonsense: 5\n")
    assert '<span class="code">mistakes.yaml:1:11</span>' in str(page.until("broken", True)["html"])
    mistakes.unlink()
    page.until("broken", False)


def test_a_fault_that_the_checks_find_is_told_with_its_check_and_an_address_to_look_at(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    file = folder / "calc" / "tiny.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("decimals: 0}", "tolerance: {abs: 500}}"), encoding="utf-8")
    with watching(Bench(Target(folder, "calc/tiny", file)), 1) as address:
        page = Page(address, Bench(Target(folder, "calc/tiny", file)))
        part = page.until("state", "saved change 1 is shown and checked")
    assert 'class="error"' in str(part["html"])
    assert "show address" in str(part["html"])


def test_the_port_is_free_again_when_it_ends(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    with watching(Bench(Target(folder, "calc/tiny", folder / "calc" / "tiny.yaml")), 1) as address:
        split = urlsplit(address)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((split.hostname, split.port), timeout=5)

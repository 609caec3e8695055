"""A system that runs SCORM packages, in a browser: it launches one, lets a student answer, and tells what it was told."""

from __future__ import annotations

import functools
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from browser_session import Session
from npm_packages import installed

PINNED = Path(__file__).parents[1] / "lms" / "scorm_client"
SCRIPT = Path("node_modules/scorm-again/dist/scorm-again.min.js")

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>System</title><script src="client.js"></script></head>
<body><script>
window.failed = [];
window.launch = (version, kept, student) => {
  const api = version === "scorm12" ? new Scorm12API({ logLevel: 4 }) : new Scorm2004API({ logLevel: 4 });
  window[version === "scorm12" ? "API" : "API_1484_11"] = api;
  window.api = api;
  const inOrder = (one) => ({ id: one.id, type: one.type, ...one }); // or the client refuses responses
  if (kept) api.loadFromJSON({ ...kept, interactions: Object.values(kept.interactions).map(inOrder) });
  if (version === "scorm12") {
    Object.assign(api.cmi.core, { student_id: student.id, student_name: student.name });
  } else {
    Object.assign(api.cmi, { learner_id: student.id, learner_name: student.name });
  }
  for (const name of ["LMSSetValue", "SetValue", "lmsSetValue"]) {
    const before = api[name];
    if (!before) continue;
    api[name] = (element, value) => {
      const done = String(before.call(api, element, value));
      if (done !== "true") window.failed.push(`${element} = ${value}`);
      return done;
    };
  }
  const frame = document.createElement("iframe");
  frame.src = "package/index.html";
  frame.width = 1100;
  frame.height = 700;
  document.body.append(frame);
};
window.close_it = () => document.querySelector("iframe").remove();
window.told = () => JSON.parse(JSON.stringify(api.cmi));
</script></body></html>
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, while it is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, slots=True)
class System:
    """The system's page with one package."""

    session: Session
    address: str
    version: str

    @classmethod
    @contextmanager
    def opened(cls, session: Session, folder: Path, package: Path, version: str) -> Iterator[System]:
        folder.mkdir()
        shutil.copy(installed(PINNED, SCRIPT), folder / "client.js")
        (folder / "index.html").write_text(PAGE, encoding="utf-8")
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder / "package")
        with served(folder) as address:
            yield cls(session, address, version)
            session.driver.get("about:blank")

    def launch(self, kept: Mapping[str, Any] | None = None, student: tuple[str, str] = ("s1", "Núñez, Zoë")) -> None:
        """Opens the package for a student, with what was told in an earlier sitting."""
        self.session.driver.get(f"{self.address}/index.html")
        who = {"id": student[0], "name": student[1]}
        self.session.ask("launch(arguments[0], arguments[1], arguments[2])", self.version, kept, who)
        self.session.driver.switch_to.frame(self.session.find("iframe"))
        until = time.monotonic() + 10
        while not self.session.ask("return document.querySelector('#bar:not([hidden])') !== null") and time.monotonic() < until:
            time.sleep(0.02)

    def close(self) -> dict[str, Any]:
        """Closes the package, and gives all that it told."""
        self.session.driver.switch_to.default_content()
        self.session.ask("close_it()")
        failed = self.session.ask("return failed")
        assert failed == [], failed
        told: dict[str, Any] = self.session.ask("return told()")
        return told

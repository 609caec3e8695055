"""What tests ask of a browser: open a page at a width and in a colour scheme, see what it logs and fetches, fill it in."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # a container's root has no other way
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser and the folder that it saves files to."""

    driver: webdriver.Chrome
    downloads: Path

    @classmethod
    def open(cls, browser: str, driver: str, downloads: Path) -> Session:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in FLAGS:
            options.add_argument(flag)
        options.add_argument(f"--user-data-dir={downloads.parent / 'profile'}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        chrome = webdriver.Chrome(options=options, service=Service(driver))
        chrome.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
        return cls(chrome, downloads)

    def show(self, page: Path, *, width: int = 1200, dark: bool = False, media: str = "screen") -> None:
        """Opens a page afresh, with nothing remembered from before."""
        self.shape(width=width, dark=dark, media=media)
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": "file://", "storageTypes": "local_storage"})
        self.logged()
        self.fetched()
        self.driver.get(page.as_uri())

    def shape(self, *, width: int = 1200, dark: bool = False, media: str = "screen") -> None:
        """Sets the width in pixels, the colour scheme and the medium of what is shown."""
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": scheme})

    def ask(self, script: str, *arguments: Any) -> Any:
        """What a script's ``return`` gives."""
        return self.driver.execute_script(script, *arguments)

    def becomes(self, script: str, wanted: Any, seconds: float = 5.0) -> bool:
        """Whether a script's ``return`` gives what is wanted before the time is up."""
        until = time.monotonic() + seconds
        while not (same := self.ask(script) == wanted) and time.monotonic() < until:
            time.sleep(0.02)
        return same

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def every(self, selector: str, within: WebElement | None = None) -> list[WebElement]:
        return (within or self.driver).find_elements(By.CSS_SELECTOR, selector)

    def logged(self) -> list[str]:
        """What the console said since it was asked last."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def fetched(self) -> list[str]:
        """The addresses asked for since the last time, those of files saved by the page itself left out."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [message["params"] for message in messages if message["method"] == "Network.requestWillBeSent"]
        return [params["request"]["url"] for params in sent if not params["request"]["url"].startswith(("blob:", "about:"))]

    def save(self, code: str, seconds: float = 5.0) -> Path:
        """The file that the worksheet with this code saves when it is told to."""
        path = self.downloads / f"answers-{code}.json"
        path.unlink(missing_ok=True)
        self.find("#save").click()
        until = time.monotonic() + seconds
        while not path.exists() and time.monotonic() < until:
            time.sleep(0.02)
        assert path.exists(), self.find("#news").text
        return path

    # Filling in, as a student does ---------------------------------------------------------------------------------------

    def fill_in(self, name: str, response: str) -> None:
        """Answers a field by its own controls, so that it reads as the response."""
        field = self.find(f'[data-field="{name}"]')
        match field.get_attribute("data-kind"):
            case "one" | "many":
                for value in response.split():
                    self.press(self.every(f'label:has(input[value="{value}"])', field)[0])
            case "select":
                self.pick(self.every("select", field)[0], response)
            case "arrange":
                for place, label in enumerate(response.split(), 1):
                    self.pick(self.every(f'select[data-label="{label}"]', field)[0], str(place))
            case "match":
                for left, right in (pair.split("-") for pair in response.split()):
                    self.pick(self.every(f'select[data-label="{left}"]', field)[0], right)
            case "distribution":
                for box, share in zip(self.every("input", field), response.split(";"), strict=True):
                    box.send_keys(share.strip())
            case _:
                self.every("input, textarea", field)[0].send_keys(response)

    def press(self, element: WebElement) -> None:
        """Clicks on an element in the middle of the window, where nothing lies above it."""
        self.ask("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def pick(self, select: WebElement, value: str) -> None:
        self.every(f'option[value="{value}"]', select)[0].click()

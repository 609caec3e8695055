"""The process in which calls are measured. Its only argument is JSON: the calls, how often, and on which cores."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.measuring import used_here


def run(order: dict[str, Any]) -> list[list[tuple[float, float, int]]]:
    """For each time and each call: seconds by the clock, seconds of processors, peak of memory in bytes.

    Where there are several calls, they take turns, and begin in turns; each is run once before, which is not measured.
    """
    if not order["all_cores"] and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # before anything counts the cores
    timed = [_made(name, arguments) for name, arguments in order["calls"]]
    if len(timed) > 1:
        for call in timed:
            call()
    found = []
    for time_number in range(order["times"]):
        places = range(len(timed))
        costs = {place: _cost(timed[place]) for place in (places if time_number % 2 == 0 else reversed(places))}
        found.append([costs[place] for place in places])
    return found


def _made(name: str, arguments: dict[str, Any]) -> Callable[[], object]:
    module, _, function = name.partition(":")
    made: Callable[[], object] = getattr(import_module(module), function)(**arguments)
    return made


def _cost(call: Callable[[], object]) -> tuple[float, float, int]:
    gc.collect()
    before, _ = used_here()
    start = time.perf_counter()
    kept = call()
    wall = time.perf_counter() - start
    after, peak = used_here()
    del kept
    return wall, after - before, peak


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.argv[1]))))

"""``python -m benchmarks``"""

from benchmarks.run import command

command(prog_name="python -m benchmarks")

"""``python -m quizgen.cli``."""

from quizgen.cli import main

main()

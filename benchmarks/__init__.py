"""Benchmarks: how long quizgen's jobs take beside what limits them. ``python -m benchmarks --help`` says how to run them.

Each figure is the ratio of a subject to a yardstick, measured in turns in one run. What is measured runs in processes of its
own, made from the functions in `benchmarks.work`; this side only starts them and counts, and imports nothing large.
"""

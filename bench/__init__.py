"""Benchmarks: one file per figure. `make bench` prints what was measured, beside what must be reached."""

"""Benchmarks: one file per figure. `make bench` prints measured beside must."""

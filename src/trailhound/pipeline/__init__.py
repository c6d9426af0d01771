"""Wires the layers: what a scan does from paths to a result; owns processes, clocks and budgets."""

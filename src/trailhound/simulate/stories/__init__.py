"""Planted intrusions, one story a file; each step names the record that proves it."""

"""Findings to incidents: what belongs together, how bad it is, and how it reads."""

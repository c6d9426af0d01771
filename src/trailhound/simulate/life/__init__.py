"""Ordinary life, realistic enough that a naive detector trips over it."""

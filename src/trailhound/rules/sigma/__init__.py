"""Sigma, version 2: rules and correlations, compiled once and matched against distinct values."""

"""Data that ships: rules, mappings, small lists. Each folder names its source and licence."""

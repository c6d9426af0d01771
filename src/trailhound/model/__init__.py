"""The words all parts share: events, entities, findings, incidents, limits, errors."""

"""The words every part of Trailhound shares: events, entities, findings, incidents, limits, errors."""

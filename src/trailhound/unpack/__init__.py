"""From a path to decoded sources, within limits: nothing is extracted, nothing is lost silently."""

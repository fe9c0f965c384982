"""Browser tests: the journeys of the source documents against the running portal."""

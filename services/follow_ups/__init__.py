"""Opening follow-ups, and what of them is late."""

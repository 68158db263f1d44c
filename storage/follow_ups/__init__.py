"""Follow-ups, actions, and what the board decided."""

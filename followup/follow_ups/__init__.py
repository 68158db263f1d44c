"""Follow-ups, their actions, and what the board decided."""

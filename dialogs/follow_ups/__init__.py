"""Follow-ups and their actions."""

"""Following units up: one of them from its first step to its last, and what is to be done after it."""

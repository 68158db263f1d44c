"""The law's clocks: whose they are, what is recorded of them, and that a manager has seen it."""

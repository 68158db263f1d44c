"""What people type, read by a grammar: what is meant, what it is about and for which days, or that it is not known."""

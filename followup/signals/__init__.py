"""Signals: what was seen, and what is made of it."""

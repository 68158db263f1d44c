"""Raising a signal, and what becomes of it."""

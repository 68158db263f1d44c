"""Rounds, what they still wait for, and reports."""

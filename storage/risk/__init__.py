"""Scores, what they are made of, and the method's configurations."""

"""Scoring a unit when something has changed."""

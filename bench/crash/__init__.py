"""Kills the bot again and again, and looks for what was lost, said twice or never known."""

"""Copies of the database: taken while the bot runs, kept so many, and put back with word of what they lack."""

"""When the clock last woke the bot."""

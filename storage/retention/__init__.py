"""What leaves the bot: all that is held about one child or one employee, and its deletion."""

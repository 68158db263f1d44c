"""`python -m bot`."""

if __name__ == "__main__":
    try:
        # Imported here, since this takes a second in which somebody may press Ctrl-C.
        from bot.clock import Clock
        from bot.commands import command_line
        from bot.commands.console import use_letters_that_the_terminal_has

        use_letters_that_the_terminal_has()
        command_line(Clock())()
    except KeyboardInterrupt:
        raise SystemExit(130) from None

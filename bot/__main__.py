"""`python -m bot`."""

if __name__ == "__main__":
    try:
        # Imported here, since this takes a second in which somebody may press Ctrl-C.
        from bot.clock import Clock
        from bot.commands import command_line

        command_line(Clock())()
    except KeyboardInterrupt:
        raise SystemExit(130) from None

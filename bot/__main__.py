"""`python -m bot`."""

import gc
import sys

if __name__ == "__main__":
    try:
        # While modules are loaded nothing can go, and to look for what can would be a quarter of the start.
        gc.disable()
        # Imported here, since this takes a second in which somebody may press Ctrl-C.
        from bot.clock import Clock
        from bot.commands import command_line
        from bot.commands.console import use_letters_that_the_terminal_has

        use_letters_that_the_terminal_has()
        run = command_line(Clock(), *sys.argv[1:2])
        gc.freeze()
        gc.enable()
        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None

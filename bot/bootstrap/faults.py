"""Why the bot does not start."""


class CannotStart(Exception):
    """Why the bot does not start, and what to do, in sentences for the person at the terminal."""

"""Runs the local model server: ``python -m bot.playground.model --port 0 --parent-pid 4711``."""

from bot.playground.model.server import main

main()

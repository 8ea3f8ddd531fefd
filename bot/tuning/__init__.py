"""The training itself: a program of its own, run in an environment of its own, that makes a LoRA adapter.

    python -m bot.tuning SPEC.json

It needs torch, transformers, peft and gguf (`make tuning`) and no other package of Kostprobe; the bot's process
never imports it. It reads its order from SPEC.json (see `order.py`), says on stdout what happens, a JSON object a
line (see `reporting.py`), and ends when its stdin is closed, so that it never outlives whoever started it.
"""

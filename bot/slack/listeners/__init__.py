"""Listeners: parse, call one service, render."""

"""Kostprobe: prompt or fine-tune, tasted blind, in Slack."""

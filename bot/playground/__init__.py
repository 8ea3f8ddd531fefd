"""Everything needed to try Kostprobe without accounts: a local Slack and a local model."""

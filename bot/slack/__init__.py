"""The surface: what Slack sends and what Slack is shown."""

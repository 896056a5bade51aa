"""Messages to the operator through Apprise: Telegram, ntfy, Slack, Matrix, Signal and the like, by one address."""

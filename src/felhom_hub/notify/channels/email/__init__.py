"""Messages by e-mail: through Resend's API or an SMTP server, whichever hub.yaml names."""

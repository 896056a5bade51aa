"""The operator's side: sign-in, sessions, protection of forms, the audit."""

"""The operator's customers: who they are, their keys and passphrases, and who a key's bearer is."""

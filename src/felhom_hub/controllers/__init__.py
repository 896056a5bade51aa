"""Calls to controllers: to which hosts keys and configurations may go, and what the hub asks there (contract 8)."""

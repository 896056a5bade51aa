"""The hub beside Healthchecks and Uptime Kuma, from checkouts that the caller has; docs/performance.md says how."""

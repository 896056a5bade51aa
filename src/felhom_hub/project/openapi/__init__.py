"""The description of the API: one table of operations, from which openapi.json and docs/api.md are made.

To describe one more endpoint, add an `Operation` to the file of its kind (`intake.py`, `read.py`, `health.py`), or a
new file to `OPERATIONS` in `document.py`; then `python -m felhom_hub.project.openapi > docs/api.md`.
The structure tests fail while a route has no description, and where an answer is not as described.
"""

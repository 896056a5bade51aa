"""`python -m felhom_hub.cli` is `felhom-hub`, for where the script is not on the path."""

from felhom_hub.cli import main

main()

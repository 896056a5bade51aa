"""`python -m felhom_controller` is `felhom-controller`."""

from felhom_controller.cli import main

if __name__ == "__main__":
    main()

"""The reference controller: the controller's side of the wire contract, for one real machine or a simulated fleet."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("felhom-hub")
except PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0"

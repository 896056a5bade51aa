"""The apps' catalogue of the simulated fleet: what can run on a machine, and how much it usually needs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AppContainer:
    """One container of an app in its usual state."""

    name: str
    image: str
    memory_mb: float
    cpu_percent: float


@dataclass(frozen=True, slots=True)
class App:
    """One entry of the catalogue; memory request and limit in MB, and what its log complains about."""

    name: str
    display_name: str
    version: str
    limits_mb: tuple[int, int]
    containers: tuple[AppContainer, ...]
    complaint: str


def _app(title: str, version: str, limits_mb: tuple[int, int], usual: tuple[float, float], complaint: str) -> App:
    """An app of one container; `usual` is its memory in MB and its processor use in percent."""
    name = title.lower().replace(" ", "-")
    return App(name, title, version, limits_mb, (AppContainer(name, f"{name}:{version}", *usual),), complaint)


_IMMICH = App(
    name="immich",
    display_name="Immich",
    version="v2.3.1",
    limits_mb=(1024, 2048),
    containers=(
        AppContainer("immich-server", "immich-server:v2.3.1", 512.0, 1.9),
        AppContainer("immich-postgres", "postgres:14", 188.0, 0.7),
    ),
    complaint="Unable to generate thumbnail for asset: input file is truncated",
)

# Immich and Nextcloud come first: every machine runs them, since the troubles name them.
APPS: tuple[App, ...] = (
    _IMMICH,
    _app("Nextcloud", "31.0.8", (512, 1024), (318.0, 1.4), "Trusted domain error: host header is not in the list"),
    _app("Paperless-ngx", "2.18.4", (512, 1536), (402.0, 0.9), "Consumption of a document failed: OCR exited with 15"),
    _app("Vaultwarden", "1.34.3", (64, 256), (38.0, 0.1), "Username or password is incorrect, IP 192.168.1.23"),
    _app("Jellyfin", "10.11.2", (512, 2048), (436.0, 2.6), "FFmpeg exited with code 187 while transcoding"),
    _app("Home Assistant", "2026.2.1", (384, 1024), (371.0, 1.8), "Timeout while fetching the weather forecast"),
    _app("AdGuard Home", "v0.107.67", (64, 256), (71.0, 0.4), "upstream 9.9.9.9:53 did not answer within 10 s"),
    _app("Uptime Kuma", "2.0.2", (96, 256), (118.0, 0.6), "Monitor reports connect ETIMEDOUT 10.0.0.4:443"),
    _app("Mealie", "v3.3.2", (192, 512), (186.0, 0.3), "Recipe could not be scraped: HTTP 403"),
    _app("Syncthing", "2.0.10", (96, 384), (94.0, 0.8), "Failed to sync folder: file name is invalid here"),
    _app("Forgejo", "13.0.2", (192, 512), (163.0, 0.4), "Could not fetch mirror: remote hung up unexpectedly"),
    _app("Audiobookshelf", "2.30.0", (128, 384), (142.0, 0.3), "Library scan skipped an item without audio tracks"),
    _app("Stirling PDF", "1.4.0", (512, 1024), (548.0, 0.4), "Java heap space is low, 91 % in use"),
    _app("Actual Budget", "25.11.0", (96, 256), (88.0, 0.1), "Sync request carries an outdated file id"),
)

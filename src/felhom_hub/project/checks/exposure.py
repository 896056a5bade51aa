"""Settings that are possible, and yet leave the hub out of reach or open to more people than intended."""

from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from felhom_hub.project.checks.findings import Finding, ok, warn
from felhom_hub.project.options import Options, Server

# 128 bits written in hexadecimal have 32; half of that is far beyond guessing over a network.
_FEW_KEY_CHARACTERS = 16


def check_public_url(server: Server) -> Finding:
    """Whether the address that others use fits to where the hub listens."""
    url, listen = server.public_url, server.listen
    name = "public URL"
    if not url and listen.is_loopback:
        return ok(name, "not set, and the hub is for this machine only")
    if not url:
        return warn(name, "server.public_url is not set: mails and set-up texts cannot name the hub's address")
    is_local = _is_local(urlsplit(url).hostname or "")
    if is_local and not listen.is_loopback:
        return warn(name, f"{url} means this machine only, but server.listen {listen} is for others too")
    if url.startswith("http://") and not is_local:
        return warn(name, f"{url} is not https: passwords and keys cross the network in the clear")
    if url.startswith("https://") and not server.trusted_proxies:
        return warn(
            name,
            f"{url} needs a proxy in front of the hub, but server.trusted_proxies is empty: "
            "every request seems to come from the proxy",
        )
    return ok(name, url)


def check_access(options: Options) -> list[Finding]:
    """Whether somebody may come in who should not."""
    server, key = options.server, options.api.report_api_key
    findings = []
    if options.auth.password_hash == "":
        reach = "the proxy" if server.trusted_proxies else str(server.listen)
        findings.append(warn("access", f"there is no login: whoever reaches {reach} is the operator"))
    findings += [
        warn("access", f"server.trusted_proxies has {network}: anybody can claim to be any address")
        for network in server.trusted_proxies
        if network.prefixlen == 0
    ]
    if key and len(key) < _FEW_KEY_CHARACTERS:
        findings.append(warn("access", f"api.report_api_key has fewer than {_FEW_KEY_CHARACTERS} characters"))
    return findings or [
        ok("access", "with a login" + (", and a global API key" if key else ", without a global API key"))
    ]


def check_time_zone(server: Server, now: datetime) -> Finding:
    """Which time the hub takes for the operator's."""
    local = now.astimezone(server.time_zone)
    return ok("time zone", f"{server.time_zone.key}, where it is {local:%Y-%m-%d %H:%M} now")


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""Whether a customer's key and configuration may go to the address that its controller has reported. Pure.

The address is whatever the report's sender wrote. What the hub trusts is the domain that the operator has entered, or
the operator's word for this very host (contract 8).
"""

from collections.abc import Collection
from typing import NewType

from felhom_hub.base.targets import Target, TargetError, host_of, target_of

# A target that has passed the rule of this module; the client takes no other.
TrustedTarget = NewType("TrustedTarget", Target)
Place = tuple[str, int]  # host and port


class HostNotTrusted(Exception):
    """Nothing may be sent to the address; the text is a plain sentence.

    `place` is what the operator can confirm, None where the address itself is no good.
    """

    def __init__(self, sentence: str, place: Place | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.place = place


def trusted_target(controller_url: str, *, domain: str, confirmed: Collection[Place]) -> TrustedTarget:
    """The address as a target, where its host is trusted; raises HostNotTrusted.

    `domain` is the one that the operator has entered; a manual customer's is empty here, so that its host has to be
    confirmed first. Under the domain every port is the customer's own, a confirmed host is trusted at its port alone.
    """
    try:
        target = target_of(controller_url)
    except TargetError as error:
        raise HostNotTrusted(f"The controller's address cannot be called: {error}.") from None
    place = (target.host, target.port)
    if is_under(target.host, domain) or place in confirmed:
        return TrustedTarget(target)
    if domain:
        sentence = f"{target.place} does not lie under {domain}, so it has to be confirmed first."
    else:
        sentence = f"The customer has no domain entered here, so {target.place} has to be confirmed first."
    raise HostNotTrusted(sentence, place)


def is_under(host: str, domain: str) -> bool:
    """True for the domain itself and every name below it, label by label; never for an IP address."""
    try:
        parent = host_of(domain)
    except TargetError:
        return False
    if "." not in parent or ":" in parent or parent.rpartition(".")[2].isdecimal():
        return False
    return host == parent or host.endswith(f".{parent}")

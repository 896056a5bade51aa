"""A mail provider on the virtual clock: it knows the keys of what it has accepted, and fails as it is told to."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from felhom_hub.notify.channels.contract import DeliveryError, Message
from felhom_hub.simulation.mix import ANSWER_LOST_ONE_OF, KILLED_ONE_OF
from felhom_hub.simulation.spans import DAY, Span, is_within

_REMEMBERED = DAY  # as Resend does


class Killed(BaseException):
    """The worker dies here: nothing of what it was about to do is done."""


@dataclass(frozen=True)
class Accepted:
    """One message that was accepted; the same key again within a day is the same message."""

    at: int
    key: str
    recipient: str
    subject: str


class Provider:
    """Stands in the place of the e-mail channel."""

    kind = "email"
    label = "Mail"
    needs = ""
    reaches_customers = True

    def __init__(self, absences: Sequence[Span], random: Random, *, is_faultless: bool = False) -> None:
        self.now = 0
        self.accepted: list[Accepted] = []
        self.tries = 0
        self._absences = absences
        self._random = random
        self._is_faultless = is_faultless
        self._known: dict[str, int] = {}

    def provider(self) -> str:
        """Its name."""
        return "simulated"

    def operator_recipient(self) -> str:
        """The operator's address."""
        return "operator@example.net"

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Nothing is to be read of it."""
        return ()

    def send(self, message: Message) -> str:
        """Accepted, unless the provider is away; now and then the answer is lost, or the worker dies of it."""
        self.tries += 1
        if is_within(self._absences, self.now):
            raise DeliveryError("503 away", is_provider=True)
        if message.key not in self._known or self.now - self._known[message.key] >= _REMEMBERED:
            self.accepted.append(Accepted(self.now, message.key, message.recipient, message.subject))
            self._known[message.key] = self.now
        if not self._is_faultless:
            if self._random.randrange(ANSWER_LOST_ONE_OF) == 0:
                raise DeliveryError("connection lost", is_provider=True, is_uncertain=True)
            if self._random.randrange(KILLED_ONE_OF) == 0:
                raise Killed
        return "200"

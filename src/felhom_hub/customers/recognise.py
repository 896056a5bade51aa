"""Recognises the bearer of a key for the raw ASGI intake, without a query for each request.

What is remembered here only lets a request in; whether its key still holds is decided in the transaction that stores
it (`confirm.py`). So a revoked key is refused from the next request on, and a new one is looked up when it comes.
"""

import asyncio
from collections import OrderedDict

from django.db import DatabaseError, connection

from felhom_hub.base.arrival import address_of
from felhom_hub.base.endpoint import Scope, header
from felhom_hub.base.instants import utc_now
from felhom_hub.base.writer import plain_reason, unavailable
from felhom_hub.customers.auth import Caller, GlobalCaller, caller_of, digest_of, key_in
from felhom_hub.customers.uses import note_use

_REMEMBERED = 20_000  # keys; twice the largest fleet, at about 300 bytes each
# Longer ones are looked up each time: spaces around a key do not count, so that one key has any number of long texts.
_LONGEST = 256


class Recogniser:
    """Remembers whose key a digest is. Belongs to the event loop."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Caller, str | None]] = OrderedDict()

    async def bearer(self, scope: Scope) -> tuple[Caller, str | None]:
        """As `recognise`, for a request; a customer's own key counts as used, from its caller's address."""
        caller, digest = await self.recognise(header(scope, b"authorization"))
        if digest is not None:
            note_use(digest, address_of(scope), utc_now())
        return caller, digest

    async def recognise(self, authorization: str | None) -> tuple[Caller, str | None]:
        """The caller, and its key's digest where it is a customer's own key.

        Raises Unauthorized for no key or nobody's; Unavailable when the database cannot be asked, since "could not
        ask" is not "no".
        """
        text = authorization or ""
        known = self._known.get(text)
        if known is not None:
            return known
        try:
            caller = await asyncio.get_running_loop().run_in_executor(None, _look_up, authorization)
        except DatabaseError as error:
            raise unavailable(f"The key cannot be looked up now ({plain_reason(error)})") from None
        found = (caller, None if isinstance(caller, GlobalCaller) else digest_of(key_in(text)))
        if len(text) <= _LONGEST:
            self._known[text] = found
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found


def _look_up(authorization: str | None) -> Caller:
    """The caller. A helper thread's connection lasts, so a broken one is replaced here: nobody else would."""
    connection.close_if_unusable_or_obsolete()
    try:
        return caller_of(authorization, now=utc_now())
    except DatabaseError:
        connection.close()
        raise

"""Brings a version of a configuration back, as if the operator had entered it anew."""

from datetime import datetime

from django.db import transaction

from felhom_hub.base.errors import Impossible, NotFound
from felhom_hub.base.secrets import keyring
from felhom_hub.configs.check import check_form
from felhom_hub.configs.form import label_of
from felhom_hub.configs.save import Entered, save_config
from felhom_hub.configs.versions import Content, content_of, version_of
from felhom_hub.customers.queries import locked_customer
from felhom_hub.operators.audit import Actor, record_audit


def restore_version(customer_id: str, number: int, *, seen: str, now: datetime, by: Actor) -> None:
    """The customer's details and settings are those of the version again, which makes a new version.

    It makes none where they are so already. `seen` is the fingerprint of what it was compared with. Tokens, keys and
    passphrase stay as they are. Raises NotFound, ChangedMeanwhile, Conflict for a manual customer, Impossible for what
    today's rules refuse, SecretsError.
    """
    keyring()  # may make a file, which does not belong into a transaction
    with transaction.atomic():
        customer = locked_customer(customer_id)
        found = version_of(customer, number)
        if found is None:
            raise NotFound(f"{customer_id} has no version {number} of its configuration")
        version, content = found
        if not content.differing(content_of(customer)):
            return  # the button was pressed twice
        if problem := problem_of_restoring(content):
            raise Impossible(problem)
        entered = Entered(content.details, content.settings)
        save_config(customer_id, entered, seen=seen, now=now, by=by, restored=version.number)
        record_audit("config_restored", by=by, now=now, customer_id=customer_id, detail=f"version {version.number}")


def problem_of_restoring(content: Content) -> str:
    """Why today's rules refuse the values, in one sentence; empty where they hold."""
    problems = check_form(content.values, {}, is_new=False)[1]
    return next((f"{label_of(name)}: {problem}" for name, problem in problems.items()), "")

"""The pages that lead on from an empty overview, as far as this hub has them."""

from dataclasses import dataclass

from django.urls import is_valid_path

NEW_CUSTOMER = "/configs/new"
SETUP = "/setup"


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """The pages' addresses; one that does not exist is empty."""

    new_customer: str
    setup: str


def first_steps() -> FirstSteps:
    """Where to make the first customer, and where it is told how a server is set up."""
    return FirstSteps(*(path if is_valid_path(path) else "" for path in (NEW_CUSTOMER, SETUP)))

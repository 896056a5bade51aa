"""The page for an action on a customer that is not there."""

from http import HTTPStatus

from felhom_hub.base.pages import Trouble


def no_such_customer(sentence: str) -> Trouble:
    """`sentence` is why, without its full stop."""
    return Trouble(
        HTTPStatus.NOT_FOUND,
        "There is no such customer",
        f"{sentence}. It may have been deleted.",
        "Nothing was changed.",
        "Go back to the customers and look for it there.",
    )

"""The button that mails an address again to which mail came back."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from felhom_hub.base.errors import NotFound
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.paths import local_path
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.notify.suppressions import mail_again
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at

_PATH = "/notifications"
_MAILED_AGAIN = register_toast("address_mailed_again", "The address is mailed again from now on.")


@require_POST
def mail_address_again(request: OperatorRequest) -> HttpResponse:
    """The address of the form is mailed again from the next message on; what was held back meanwhile is not sent."""
    try:
        mail_again(request.POST.get("address", ""), now=request.now, by=operator_at(request.client.address))
    except NotFound as error:
        return trouble_page(
            request,
            Trouble(
                HTTPStatus.NOT_FOUND,
                "Nothing was changed",
                f"{error.sentence}.",
                "Somebody may have released it already.",
                "Go back to the notifications.",
            ),
        )
    back = local_path(request.POST.get("next", ""), _PATH)
    return show_toast(HttpResponseRedirect(back, status=HTTPStatus.SEE_OTHER), _MAILED_AGAIN, subject="address")

"""`/customers/{customer_id}/config`: the controller.yaml that the hub makes for a box, with its secrets masked."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.errors import Conflict
from felhom_hub.base.pages import NOT_FOUND, trouble_page
from felhom_hub.configs.generate import preview
from felhom_hub.configs.template import template_facts
from felhom_hub.customers.models import Customer
from felhom_hub.operators.access import OperatorRequest


@require_safe
def show_config(request: OperatorRequest, customer_id: str) -> HttpResponse:
    """The file as it may be shown, or why it cannot be made."""
    customer = Customer.objects.filter(customer_id=customer_id).first()
    if customer is None:
        return trouble_page(request, NOT_FOUND)
    text, problem = "", ""
    try:
        text = preview(customer) if customer.is_managed else ""
    except Conflict as error:
        problem = error.sentence
    values = {"customer": customer, "name": customer.name or customer_id, "text": text, "problem": problem}
    values["template"] = template_facts()
    values["hub_url"] = settings.HUB.server.public_url
    return render(request, "configs/config.html", values)

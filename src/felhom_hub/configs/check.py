"""What is wrong with a form, field by field: asked on leaving a field and on saving."""

from collections.abc import Mapping

from felhom_hub.base.errors import Impossible
from felhom_hub.configs.form import DETAILS
from felhom_hub.configs.settings import Settings, read_settings
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details, check_customer_id, problems_of
from felhom_hub.customers.models import Customer
from felhom_hub.customers.tokens import checked_token


def read_details(form: Mapping[str, str]) -> Details:
    """The details in a form, unchecked."""
    return Details(**{name: form.get(name, "") for name in DETAILS})


def check_form(form: Mapping[str, str], tokens: Mapping[Kind, str], *, is_new: bool) -> tuple[Settings, dict[str, str]]:
    """The settings, and what is wrong with each field; empty when it can be saved."""
    settings, problems = read_settings(form)
    problems |= {name: _beside_label(name, sentence) for name, sentence in problems_of(read_details(form)).items()}
    for kind, token in tokens.items():
        try:
            checked_token(token)
        except Impossible as error:
            problems[kind.value] = f"{error.sentence}."
    if is_new and (sentence := _id_problem(form.get("customer_id", "").strip())):
        problems["customer_id"] = sentence
    return settings, problems


def _beside_label(name: str, sentence: str) -> str:
    """The sentence where its field's label says the name already."""
    said = sentence.removeprefix(f"{name.capitalize()} ")
    return said[0].upper() + said[1:]


def _id_problem(customer_id: str) -> str:
    try:
        check_customer_id(customer_id)
    except Impossible as error:
        return f"{error.sentence}."
    found = Customer.objects.filter(customer_id=customer_id).first()
    if found is None:
        return ""
    if not found.is_managed:
        return f"{found.name or customer_id} reports with it already. Choose Create config there."
    wanted = [f"{customer_id[:120]}-{number}" for number in range(2, 12)]
    taken = set(Customer.objects.filter(customer_id__in=wanted).values_list("customer_id", flat=True))
    free = next((each for each in wanted if each not in taken), "")
    return f"Already used by {found.name or customer_id}." + (f" Free: {free}." if free else "")

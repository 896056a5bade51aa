from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from tests.build import NOW, make_customer

from felhom_hub.configs.pages.versions import words_of
from felhom_hub.configs.queries import fingerprint
from felhom_hub.configs.save import Entered, create_config, edit_details, save_config
from felhom_hub.configs.settings import Settings
from felhom_hub.configs.versions import Version, content_of
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE, operator_at

ANNA = Details("Nagy Anna", "nagy.example.hu", "n@example.hu")
HOSTILE = "<img src=x onerror=alert(1)>\"'{{7*7}}"

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    """Of three versions."""
    overrides = "backup:\n  restic_password: hunter22 # hunter23\n  keep: 7\n"
    create_config("nagy", Entered(ANNA, Settings(overrides=overrides)), now=NOW, by=COMMAND_LINE)
    found = Customer.objects.get()
    changed = Entered(replace(ANNA, note=HOSTILE), Settings(overrides=overrides.replace("hunter22", "hunter24")))
    save_config("nagy", changed, seen=fingerprint(found), now=NOW, by=operator_at("192.0.2.7"))
    edit_details("nagy", {"town": HOSTILE}, now=NOW, by=COMMAND_LINE)
    return Customer.objects.get()


def post(browser: Any, path: str, **form: str) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, **form})


def text_of(browser: Any, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    text: str = answer.content.decode()
    return text


def test_the_list_tells_who_changed_what(browser: Any, customer: Customer) -> None:
    page = text_of(browser, f"/customers/{customer.customer_id}/versions")

    assert "3, newest" in page
    assert "Operator note, Overrides" in page
    assert "192.0.2.7" in page
    assert page.index("3, newest") < page.index("Operator note, Overrides") < page.index("Created")
    assert "Older versions" not in page


def test_a_version_shows_what_it_has_otherwise_without_secrets(browser: Any, customer: Customer) -> None:
    page = text_of(browser, f"/customers/{customer.customer_id}/versions/1")

    assert "3 differences from now" in page
    assert "backup.restic_password" in page
    assert [secret for secret in ("hunter22", "hunter23", "hunter24", "<img src=x") if secret in page] == []
    assert unescape(page).count(HOSTILE) == 2
    newest = text_of(browser, f"/customers/{customer.customer_id}/versions/3")
    assert "There is nothing to restore" in newest
    assert "Restore version" not in newest


def test_a_version_is_restored_by_a_button(browser: Any, customer: Customer) -> None:
    path = f"/customers/{customer.customer_id}/versions/1"
    seen = text_of(browser, path).split('name="seen" value="')[1].split('"')[0]

    answer = post(browser, f"{path}/restore", seen=seen)

    assert (answer.status_code, answer["Location"]) == (303, "/customers/nagy/versions")
    assert content_of(Customer.objects.get()).details == ANNA
    page = text_of(browser, "/customers/nagy/versions")
    assert "Version 1 restored: " in page
    assert "Nagy Anna has its earlier configuration again. Nothing was sent to the server." in page
    assert post(browser, f"{path}/restore", seen=seen).status_code == 303  # the button was pressed twice
    edit_details("nagy", {"town": "Eger"}, now=NOW, by=COMMAND_LINE)
    again = post(browser, f"{path}/restore", seen=seen)
    assert again.status_code == 409
    assert "nagy was changed meanwhile." in again.content.decode()


def test_what_cannot_be_restored_says_why(browser: Any) -> None:
    make_customer("manual", name="Kiss")
    post(browser, "/customers/manual/create-config")
    edit_details("manual", {"domain": "k.example.hu", "email": "k@example.hu"}, now=NOW, by=COMMAND_LINE)

    page = text_of(browser, "/customers/manual/versions/1")
    assert "It cannot be restored" in page
    assert "Restore version" not in page
    seen = fingerprint(Customer.objects.get())
    refused = post(browser, "/customers/manual/versions/1/restore", seen=seen)
    assert refused.status_code == 422
    assert "Must be a domain such as" in refused.content.decode()


def test_what_is_not_there_is_said_plainly(browser: Any, customer: Customer) -> None:
    for path in ("nobody/versions", "nobody/versions/1", "nagy/versions/4", f"nagy/versions/{10**30}"):
        text_of(browser, f"/customers/{path}", status=404)
    assert post(browser, "/customers/nobody/versions/1/restore").status_code == 404
    assert post(browser, f"/customers/nagy/versions/{10**30}/restore").status_code == 404
    assert "Nothing older" in text_of(browser, f"/customers/{customer.customer_id}/versions?below=1")
    assert "3, newest" in text_of(browser, "/customers/nagy/versions?below=-1")
    make_customer("manual")
    assert "has no configuration" in text_of(browser, "/customers/manual/versions")


def test_a_long_history_is_paged(browser: Any, customer: Customer) -> None:
    for number in range(4, 54):
        edit_details("nagy", {"town": str(number)}, now=NOW, by=COMMAND_LINE)

    page = text_of(browser, f"/customers/{customer.customer_id}/versions")
    assert 'href="?below=4"' in page
    older = text_of(browser, "/customers/nagy/versions?below=4")
    assert 'Compare<span class="vh"> version 3 with now' in older
    assert "newest</th>" not in older


@pytest.mark.parametrize(
    ("changed", "by", "restored", "words"),
    [
        ([], "operator", None, "Created"),
        ([], "", None, "What was there before versions were kept"),
        (["name", "cf_api_token removed"], "operator", None, "Name, Cloudflare API token removed"),
        (["disk_high"], "operator", 2, "Version 2 restored: Disk warning, %"),
        (["from_a_newer_hub"], "operator", None, "from_a_newer_hub"),
    ],
)
def test_a_change_reads_as_words(changed: list[str], by: str, restored: int | None, words: str) -> None:
    assert words_of(Version(5, NOW, by, "", changed, restored)) == words

"""The access matrix: every route, every method that it has, every caller, and the status that each must get.

A new route needs a line for each of its methods; so does a new method. Nineteen of thirty-four known holes in
comparable products were a forgotten check on a side route.
"""

import json
from urllib.parse import urlencode

import pytest
from tests.structure.callers import BLOCKED, OTHER, OWN, PASSWORD, Caller, Site
from tests.structure.routes import all_paths, api_paths, page_paths

from felhom_hub.project.openapi.examples import INFRA_BACKUP

CALLERS = (
    "nobody", "wrong key", "own key", "other's key", "blocked", "revoked", "global key", "operator",
)  # fmt: skip

PUBLIC = (200,) * 8
# What an operator's browser gets; a key opens no page.
PAGE = (302,) * 7

MATRIX: dict[tuple[str, str], tuple[int, ...]] = {
    #                                                   nobody wrong own other blocked revoked global operator
    ("POST", "/api/v1/report"):                          (401, 401, 200, 403, 200, 401, 200, 401),
    ("POST", "/api/v1/event"):                           (401, 401, 200, 403, 200, 401, 200, 401),
    ("POST", "/api/v1/notify"):                          (401, 401, 200, 403, 200, 401, 200, 401),
    ("POST", "/api/v1/preferences"):                     (401, 401, 200, 403, 200, 401, 200, 401),
    ("POST", "/api/v1/infra-backup"):                    (401, 401, 200, 403, 200, 401, 200, 401),
    ("GET", "/api/v1/infra-backup/{customer_id}"):       (401, 401, 200, 403, 200, 401, 200, 401),
    # Who has no signature is nobody here, whatever key it has.
    ("POST", "/api/v1/webhooks/resend"):                 (401,) * 8,
    ("GET", "/api/v1/customers"):                        (401, 401, 200, 200, 200, 401, 200, 401),
    ("GET", "/api/v1/customers/{customer_id}"):          (401, 401, 200, 403, 200, 401, 200, 401),
    ("GET", "/api/v1/customers/{customer_id}/history"):  (401, 401, 200, 403, 200, 401, 200, 401),
    # A key opens no door to which the retrieval password is the key.
    ("GET", "/api/v1/config/{customer_id}"):             (401,) * 8,
    ("GET", "/api/v1/recovery/{customer_id}"):           (401,) * 8,
    # The global key is in many boxes; what the operator wants on one is fetched with that one's own.
    ("GET", "/api/v1/pending/{customer_id}/config"):     (401, 401, 200, 403, 403, 401, 403, 401),
    # One's logos are the same as everybody's.
    ("GET", "/api/v1/assets/manifest"):                  (401, 401, 200, 200, 200, 401, 200, 401),
    ("GET", "/api/v1/assets/file/{filename}"):           (401, 401, 200, 200, 200, 401, 200, 401),
    ("GET", "/api/v1/openapi.json"):                     PUBLIC,
    ("GET", "/livez"):                                   PUBLIC,
    ("GET", "/readyz"):                                  PUBLIC,
    ("GET", "/healthz"):                                 PUBLIC,
    ("GET", "/metrics"):                                 (401, 401, 403, 403, 403, 401, 200, 401),
    ("GET", "/"):                                        (*PAGE, 200),
    ("GET", "/search"):                                  (*PAGE, 200),
    ("GET", "/events"):                                  (*PAGE, 200),
    ("GET", "/incidents/{number}"):                      (*PAGE, 404),
    ("GET", "/why/{number}"):                            (*PAGE, 404),
    ("GET", "/customers/{customer_id}"):                 (*PAGE, 200),
    ("GET", "/customers/{customer_id}/history"):         (*PAGE, 200),
    ("GET", "/customers/{customer_id}/block"):           (*PAGE, 200),
    ("POST", "/customers/{customer_id}/block"):          (*PAGE, 422),
    ("POST", "/customers/{customer_id}/unblock"):        (*PAGE, 303),
    ("POST", "/customers/{customer_id}/reveal"):         (*PAGE, 404),
    ("GET", "/customers/{customer_id}/rotate-key"):      (*PAGE, 200),
    ("POST", "/customers/{customer_id}/rotate-key"):     (*PAGE, 422),
    ("GET", "/customers/{customer_id}/keys/{number}/revoke"): (*PAGE, 404),
    ("POST", "/customers/{customer_id}/keys/{number}/revoke"): (*PAGE, 303),
    ("GET", "/customers/{customer_id}/report"):          (*PAGE, 200),
    ("GET", "/customers/{customer_id}/report.json"):     (*PAGE, 200),
    ("GET", "/customers/{customer_id}/snapshots"):       (*PAGE, 200),
    ("POST", "/customers/{customer_id}/snapshots/{version}/download"): (*PAGE, 404),
    ("POST", "/customers/{customer_id}/check-recovery"): (*PAGE, 303),
    ("GET", "/recovery"):                                (*PAGE, 200),
    ("GET", "/customers/{customer_id}/diff"):            (*PAGE, 200),
    ("POST", "/customers/{customer_id}/compare"):        (*PAGE, 303),
    ("GET", "/customers/{customer_id}/push"):            (*PAGE, 200),
    ("POST", "/customers/{customer_id}/push"):           (*PAGE, 303),
    ("GET", "/customers/{customer_id}/update"):          (*PAGE, 200),
    ("POST", "/customers/{customer_id}/update"):         (*PAGE, 303),
    ("POST", "/customers/{customer_id}/pull"):           (*PAGE, 409),
    ("POST", "/customers/{customer_id}/calls/{number}/withdraw"): (*PAGE, 404),
    ("POST", "/customers/{customer_id}/confirm-host"):   (*PAGE, 422),
    ("POST", "/customers/{customer_id}/withdraw-host"):  (*PAGE, 422),
    ("GET", "/apps"):                                    (*PAGE, 200),
    ("GET", "/apps/{app_name}"):                         (*PAGE, 404),
    ("GET", "/configs"):                                 (*PAGE, 200),
    ("GET", "/configs/new"):                             (*PAGE, 200),
    ("POST", "/configs/new"):                            (*PAGE, 422),
    ("POST", "/configs/check"):                          (*PAGE, 200),
    ("GET", "/configs/{customer_id}/edit"):              (*PAGE, 200),
    ("POST", "/configs/{customer_id}/edit"):             (*PAGE, 422),
    ("POST", "/customers/{customer_id}/create-config"):  (*PAGE, 303),
    ("GET", "/customers/{customer_id}/config"):          (*PAGE, 200),
    ("GET", "/customers/{customer_id}/versions"):        (*PAGE, 200),
    ("GET", "/customers/{customer_id}/versions/{number}"): (*PAGE, 404),
    ("POST", "/customers/{customer_id}/versions/{number}/restore"): (*PAGE, 404),
    ("POST", "/customers/{customer_id}/unlock"):         (*PAGE, 303),
    ("GET", "/customers/{customer_id}/delete"):          (*PAGE, 200),
    ("POST", "/customers/{customer_id}/delete"):         (*PAGE, 422),
    ("GET", "/customers/{customer_id}/preferences"):     (*PAGE, 200),
    ("POST", "/customers/{customer_id}/preferences"):    (*PAGE, 422),
    ("GET", "/notifications"):                           (*PAGE, 200),
    ("POST", "/notifications/mail-again"):               (*PAGE, 404),
    ("POST", "/notifications/prove"):                    (*PAGE, 303),
    ("POST", "/notifications/{number}/again"):           (*PAGE, 404),
    ("POST", "/notifications/channels/{kind}/test"):     (*PAGE, 409),
    ("POST", "/alarms/{number}/acknowledge"):            (*PAGE, 404),
    ("POST", "/alarms/{number}/take-back"):              (*PAGE, 404),
    ("GET", "/silences"):                                (*PAGE, 200),
    ("POST", "/silences"):                               (*PAGE, 422),
    ("GET", "/silences/{number}/edit"):                  (*PAGE, 404),
    ("POST", "/silences/{number}/edit"):                 (*PAGE, 404),
    ("POST", "/silences/{number}/end"):                  (*PAGE, 404),
    ("GET", "/mail-preview"):                            (*PAGE, 302),
    ("GET", "/mail-preview/{audience}/{event_type}"):    (*PAGE, 200),
    ("GET", "/mail-preview/{audience}/{event_type}/html"): (*PAGE, 200),
    ("GET", "/login"):                                   (*(200,) * 7, 302),
    ("POST", "/login"):                                  (303,) * 8,
    ("POST", "/logout"):                                 (*PAGE, 303),
    ("POST", "/theme"):                                  (*PAGE, 303),
    ("POST", "/browser"):                                (*PAGE, 303),
    ("GET", "/configuration"):                           (*PAGE, 200),
    ("POST", "/configuration/jobs/{name}/run"):          (*PAGE, 303),
    ("GET", "/configuration/template"):                  (*PAGE, 200),
    ("POST", "/configuration/template/fetch"):           (*PAGE, 303),
    ("POST", "/configuration/sessions/{reference}/revoke"): (*PAGE, 404),
    ("GET", "/configuration/sign-out"):                  (*PAGE, 200),
    ("POST", "/configuration/sign-out"):                 (*PAGE, 303),
    ("GET", "/audit"):                                   (*PAGE, 200),
    ("GET", "/audit.csv"):                               (*PAGE, 200),
    ("GET", "/setup"):                                   (*PAGE, 200),
    ("GET", "/api"):                                     (*PAGE, 200),
    ("GET", "/assets"):                                  (*PAGE, 200),
    ("POST", "/assets"):                                 (*PAGE, 422),
    ("POST", "/assets/refresh"):                         (*PAGE, 303),
    ("POST", "/assets/{name}/delete"):                   (*PAGE, 404),
    ("POST", "/assets/{name}/restore"):                  (*PAGE, 404),
    ("GET", "/live"):                                    (*(401,) * 7, 200),
}  # fmt: skip

# What stands in a route beside a customer: a job that there is, a session and a number that there are not, a channel
# that is not set up.
NAMES = {
    "name": "operators.clean_up_sign_ins", "reference": "0" * 16, "app_name": "none", "number": 10**12,
    "version": 10**12, "kind": "email", "audience": "operator", "event_type": "node_down", "filename": "favicon.svg",
}  # fmt: skip

PENDING = "/api/v1/pending/{customer_id}/config"
# Behind these is whoever has the retrieval password, which may be tried so often only.
DOORS = {"/api/v1/config/{customer_id}", "/api/v1/recovery/{customer_id}"}

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# As from afar: `/metrics` opens without a key to callers on the hub's own machine.
FROM_AFAR = (("X-Forwarded-For", "203.0.113.7"),)
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def body_of(method: str, route: str, customer_id: str) -> tuple[bytes | None, tuple[tuple[str, str], ...]]:
    """What a right request of this route brings along, and its headers."""
    if method != "POST":
        return None, FROM_AFAR
    bodies = {
        "/api/v1/report": {"customer_id": customer_id},
        "/api/v1/event": {"customer_id": customer_id, "event_type": "test"},
        "/api/v1/notify": {"customer_id": customer_id},
        "/api/v1/preferences": {"customer_id": customer_id, "email": "anna@example.hu"},
        "/api/v1/infra-backup": infra_backup_of(customer_id),
    }
    if route in bodies:
        return json.dumps(bodies[route]).encode(), FROM_AFAR
    return urlencode({"password": PASSWORD}).encode(), FROM_AFAR + FORM


CELLS = [
    (caller, method, route, status)
    for (method, route), statuses in MATRIX.items()
    for caller, status in zip(CALLERS, statuses, strict=True)
]


def infra_backup_of(customer_id: str) -> dict[str, object]:
    """The API's example, so that whoever sends it finds version 1 there."""
    return {**INFRA_BACKUP, "customer_id": customer_id}


def see_to_a_report(site: Site, who: Caller, route: str) -> None:
    """Where the route shows a report, a backup or what is wanted there is one; wrong passwords are forgotten."""
    if route.endswith("report.json"):
        report = json.dumps({"customer_id": who.customer_id}).encode()
        assert site.call(site.callers["global key"], "POST", "/api/v1/report", report, FROM_AFAR).status == 200
    if route == "/api/v1/infra-backup/{customer_id}":
        for each in (OWN, BLOCKED):
            backup = json.dumps(infra_backup_of(each)).encode()
            assert site.hub.post("/api/v1/infra-backup", backup).status == 200
    if route == PENDING:
        site.want_config(OWN)
    if route in DOORS:
        site.unlock(who.customer_id)


def test_every_route_has_its_line() -> None:
    assert sorted({route for _, route in MATRIX}) == all_paths()


def test_every_caller_has_its_column(site: Site) -> None:
    assert tuple(site.callers) == CALLERS


@pytest.mark.parametrize(("caller", "method", "route", "status"), CELLS)
def test_caller_gets_what_the_matrix_says(site: Site, caller: str, method: str, route: str, status: int) -> None:
    who = site.callers[caller]
    body, headers = body_of(method, route, who.customer_id)
    see_to_a_report(site, who, route)

    answer = site.call(who, method, route.format(customer_id=who.customer_id, **NAMES), body, headers)

    assert answer.status == status, answer.body
    if route == PENDING:
        site.take_config()  # other tests of this site ask what a report is answered where nothing is wanted


@pytest.mark.on_one_database
@pytest.mark.parametrize("route", sorted({route for _, route in MATRIX}))
def test_methods_without_a_line_are_refused(site: Site, route: str) -> None:
    missing = [method for method in METHODS if (method, route) not in MATRIX]
    who = site.callers["global key" if route in api_paths() else "operator"]

    statuses = {method: site.call(who, method, route.format(customer_id=OWN, **NAMES)).status for method in missing}

    assert statuses == dict.fromkeys(missing, 405)


@pytest.mark.on_one_database
@pytest.mark.parametrize("route", [route for method, route in MATRIX if method == "GET"])
def test_head_opens_no_more_than_get(site: Site, route: str) -> None:
    see_to_a_report(site, site.callers["operator"], route)

    statuses = [
        site.call(who, "HEAD", route.format(customer_id=who.customer_id, **NAMES), None, FROM_AFAR).status
        for who in site.callers.values()
    ]

    assert tuple(statuses) in (MATRIX["GET", route], (405,) * len(CALLERS))


@pytest.mark.parametrize("caller", ["own key", "other's key", "blocked"])
def test_list_shows_a_customers_own_key_itself_only(site: Site, caller: str) -> None:
    who = site.callers[caller]
    own = {"own key": OWN, "other's key": OTHER, "blocked": BLOCKED}[caller]
    queries = ("", "?q=example", f"?q={OWN}", "?cursor=a", "?limit=1000", "?status=PENDING")

    seen = {
        listed["customer_id"]
        for query in queries
        for listed in site.call(who, "GET", f"/api/v1/customers{query}").document["customers"]
    }

    assert seen == {own}


def test_unknown_customer_looks_to_a_customers_own_key_as_another_one(site: Site) -> None:
    who = site.callers["own key"]

    answers = [site.call(who, "GET", f"/api/v1/customers/{other}") for other in (OTHER, "nobody-of-this-name")]

    assert [answer.status for answer in answers] == [403, 403]
    assert answers[0].body.replace(OTHER.encode(), b"") == answers[1].body.replace(b"nobody-of-this-name", b"")


def test_metrics_open_without_a_key_on_the_hubs_own_machine_only_where_nothing_was_forwarded(site: Site) -> None:
    nobody = site.callers["nobody"]
    plain = site.call(nobody, "GET", "/metrics").status
    forwarded = [
        site.call(nobody, "GET", "/metrics", None, [(name, "127.0.0.1")]).status
        for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")
    ]

    assert (plain, forwarded) == (200, [401, 401, 401])


@pytest.mark.on_one_database
@pytest.mark.parametrize("route", sorted(set(page_paths()) - {"/login", "/live"}))
def test_pages_send_strangers_to_the_sign_in(site: Site, route: str) -> None:
    answer = site.call(site.callers["nobody"], "GET", route.format(customer_id=OWN, **NAMES))

    assert (answer.status, answer.headers["location"].partition("?")[0]) == (302, "/login")


@pytest.mark.parametrize("path", ["/no-such-page", "/customers/../api/v1/customers", "//api/v1/customers", "/static/x"])
def test_strangers_find_nothing_beside_the_table(site: Site, path: str) -> None:
    assert site.call(site.callers["nobody"], "GET", path).status in (302, 404)

"""The operator's routes."""

from django.urls import path

from felhom_hub.operators.pages import audit, sessions, sign_in

urlpatterns = [
    path("login", sign_in.login, name="login"),
    path("logout", sign_in.logout, name="logout"),
    path("configuration/sessions/<str:reference>/revoke", sessions.revoke, name="revoke_session"),
    path("configuration/sign-out", sessions.sign_out_everywhere, name="sign_out_everywhere"),
    path("audit", audit.audit, name="audit"),
    path("audit.csv", audit.audit_csv, name="audit_csv"),
]

"""The routes of the pages about messages; a page's template has the name of its route."""

from django.urls import path

from felhom_hub.notify.pages import addresses, alarms, log, preferences, previews

urlpatterns = [
    path("notifications", log.show_log, name="notifications"),
    path("notifications/prove", log.prove, name="prove"),
    path("notifications/mail-again", addresses.mail_address_again, name="mail_address_again"),
    path("notifications/<int:number>/again", log.repeat_message, name="repeat_message"),
    path("notifications/channels/<str:kind>/test", log.send_test, name="send_test"),
    path("alarms/<int:number>/acknowledge", alarms.acknowledge_alarm, name="acknowledge"),
    path("alarms/<int:number>/take-back", alarms.take_acknowledgement_back, name="take_back"),
    path("mail-preview", previews.show_first, name="mail-previews"),
    path("mail-preview/<str:audience>/<str:event_type>", previews.show_preview, name="mail-preview"),
    path("mail-preview/<str:audience>/<str:event_type>/html", previews.show_html, name="mail-preview-html"),
    path("customers/<str:customer_id>/preferences", preferences.edit_preferences, name="preferences"),
]

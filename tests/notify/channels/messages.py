"""A message for the tests of the channels."""

from felhom_hub.notify.channels.contract import Message

MESSAGE = Message(
    key="0f8fad5b-d9cb-469f-a165-70867728950e",
    recipient="anna@example.hu",
    subject="Nem érjük el",
    text="Az otthoni szervere nem jelentkezik.\n",
    html="<p>Az otthoni szervere nem jelentkezik.</p>",
    thread="kovacs-peter.customer",
    facts={"event_type": "node_down"},
)

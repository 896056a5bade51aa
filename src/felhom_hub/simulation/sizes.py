"""How large the runs are, and from which seed; the document of a long form says the same. Pure."""

from felhom_hub.simulation.plan import Size

SEED = 5

# Some seconds: what `felhom-hub simulate` does unless it is told more.
SHORT = Size(nodes=40, days=14, haste=3)
# A fleet's year.
LONG = Size(nodes=1000, days=365)
# Every rule switched off in turn: a smaller fleet, and a year's faults in a third of it.
ABLATION = Size(nodes=50, days=120, haste=3)

HUB_OFF_NODES = 5000
HALF_CUT_NODES = 1000
FAULTLESS = Size(nodes=200, days=365)
MAIL_AWAY_NODES = 300

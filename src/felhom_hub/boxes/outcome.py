"""How a call to a controller ended."""

from dataclasses import dataclass

from felhom_hub.boxes.models import Call


@dataclass(frozen=True)
class Outcome:
    """`sentence` is for the operator and holds no secret; `envelope` is the live file, sealed."""

    state: Call.State
    sentence: str
    answer: str = ""
    envelope: str = ""

    def told(self, kind: str) -> str:
        """The outcome as the audit keeps it."""
        return f"{kind} {self.state.value}: {self.sentence}"

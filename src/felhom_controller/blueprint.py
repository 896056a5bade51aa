"""The lasting properties of simulated machines: who they belong to, what hardware they are, which apps they run."""

import hashlib
import random
from dataclasses import dataclass

from felhom_controller.apps import APPS, App, AppContainer
from felhom_controller.personas import Persona, persona_of
from felhom_controller.report import Stack
from felhom_controller.troubles import Behaviour, behaviour_of

NOISE_STREAMS = 1 << 14


@dataclass(frozen=True, slots=True)
class AppPlan:
    """An app as one machine runs it; parts are (container, tenths of a MB, hundredths of a percent, noise stream)."""

    app: App
    parts: tuple[tuple[AppContainer, int, int, int], ...]
    is_noisy: bool


@dataclass(frozen=True, slots=True)
class SimulatedMachine:
    """The lasting properties of one simulated machine."""

    seed: int
    index: int
    persona: Persona
    behaviour: Behaviour
    plans: tuple[AppPlan, ...]
    memory_total_mb: int
    system_disk_gb: float
    data_disk_gb: float
    data_percent: float
    base_celsius: float
    stacks: list[Stack]
    config_hash: str

    @property
    def customer_id(self) -> str:
        return self.persona.customer_id


def config_of(persona: Persona) -> bytes:
    """The controller.yaml that a simulated machine starts with."""
    text = (
        f'customer:\n  id: "{persona.customer_id}"\n  name: "{persona.customer_name}"\n  domain: "{persona.domain}"\n'
        "hub:\n  enabled: true\nmonitoring:\n  enabled: true\nlogging:\n  level: info\n"
    )
    return text.encode()


def _plan_of(app: App, draw: random.Random, *, is_noisy: bool) -> AppPlan:
    parts = tuple(
        (part, int(part.memory_mb * 10), int(part.cpu_percent * 100), draw.randrange(NOISE_STREAMS))
        for part in app.containers
    )
    return AppPlan(app, parts, is_noisy)


def build_machine(seed: int, index: int) -> SimulatedMachine:
    """The machine at a place of the seed's fleet."""
    draw = random.Random(f"{seed}:{index}:machine")
    behaviour, persona = behaviour_of(index), persona_of(index)
    apps = (*APPS[:2], *draw.sample(APPS[2:], 8 + draw.randrange(-2, 2)))
    noisy = draw.sample(apps, 1)
    return SimulatedMachine(
        seed=seed,
        index=index,
        persona=persona,
        behaviour=behaviour,
        plans=tuple(_plan_of(app, draw, is_noisy=app in noisy) for app in apps),
        memory_total_mb=draw.choice((8_000, 16_000, 16_000, 32_000)),
        system_disk_gb=draw.choice((118.0, 238.0, 476.0)),
        data_disk_gb=draw.choice((931.0, 1_863.0, 3_726.0)),
        data_percent=draw.uniform(18, 76),
        base_celsius=draw.uniform(40, 52),
        stacks=[Stack(app.name, app.display_name, "running", app.version) for app in apps],
        config_hash=hashlib.sha256(config_of(persona)).hexdigest(),
    )


def build_fleet(seed: int, count: int) -> list[SimulatedMachine]:
    """The first `count` machines of the seed's fleet."""
    return [build_machine(seed, index) for index in range(count)]

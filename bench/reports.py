"""The reports that the loads consist of: bodies of the simulated fleet, dealt out to any number of customers.

Number n of the sequence is a report of customer n modulo `customers`; each customer reports every 15 minutes, and its
reports follow each other as its machine's would. `report.lua` deals them out in the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bench.result import BenchError
from felhom_controller.blueprint import SimulatedMachine, build_machine
from felhom_controller.synthetic import body_at

APPS = 10
SMALLEST, LARGEST = 7680, 9216  # bytes: 7.5 to 9 KiB
MACHINES, STEPS = 24, 12  # 288 bodies: three hours of 24 machines, again and again
INTERVAL = timedelta(minutes=15)
_INTERVAL_MS = 900_000
# A report's own time orders it where it lies at most 24 h back (contract 2); an hour is left for the run itself.
SPAN = timedelta(hours=23)
_SEED = 1009  # not the seed that the compression's dictionary was trained on
_FIRST_INDEX, _LAST_INDEX = 1000, 4000  # nor its customers

Cut = tuple[str, str, str, str, str]

# The least that a controller's report says: who it is, when, and that all is well.
_BEAT: Cut = (
    '{"version":1,"customer_id":"', '","customer_name":"', '","timestamp":"', '","health":{"status":"ok"},"domain":"',
    '.example"}',
)  # fmt: skip


@dataclass(frozen=True)
class Sequence:
    """The reports in the order in which they are sent; `bodies[machine][step]` is cut at id, id, time and id."""

    bodies: tuple[tuple[Cut, ...], ...]
    customers: int
    begin_ms: int

    @property
    def capacity(self) -> int:
        """So many reports there are before one would lie in the future."""
        return self.customers * int(SPAN / INTERVAL)

    @property
    def mean_bytes(self) -> float:
        """The mean size of a body."""
        every = [cut for machine in self.bodies for cut in machine]
        return sum(len(_joined(cut, _id_of(0), _time_text(0, 0)).encode()) for cut in every) / len(every)

    def received_at(self, number: int) -> datetime:
        """When the report was made."""
        return datetime.fromtimestamp(self._at_ms(number) / 1000, UTC)

    def body(self, number: int) -> bytes:
        """The report as it is sent."""
        return self._body(number, self._at_ms(number))

    def body_now(self, number: int, now: datetime) -> bytes:
        """The report as it would be sent now."""
        return self._body(number, int(now.timestamp() * 1000))

    def _body(self, number: int, at_ms: int) -> bytes:
        customer = number % self.customers
        machine = self.bodies[customer % len(self.bodies)]
        return _joined(
            machine[number // self.customers % len(machine)], _id_of(customer), _time_text(at_ms, number)
        ).encode()

    def first_round(self) -> Iterator[tuple[datetime, bytes]]:
        """The first report of each customer, as (received_at, body)."""
        return ((self.received_at(number), self.body(number)) for number in range(self.customers))

    def _at_ms(self, number: int) -> int:
        return self.begin_ms + number * _INTERVAL_MS // self.customers


def make_sequence(*, customers: int, now: datetime) -> Sequence:
    """A sequence whose reports all lie within the last 23 hours."""
    begin = now - SPAN
    bodies = tuple(
        tuple(_cut(machine, begin + step * INTERVAL) for step in range(STEPS)) for machine in _fitting_machines(begin)
    )
    return Sequence(bodies, customers, int(begin.timestamp() * 1000))


def make_beats(*, customers: int, now: datetime) -> Sequence:
    """The same with reports that are as small as they may be, some 170 bytes."""
    begin = now - SPAN
    return Sequence(((_BEAT,),), customers, int(begin.timestamp() * 1000))


def end_of_live(now: datetime) -> datetime:
    """The `now` of a sequence whose first round ends at this `now`, so that what follows it is made when it is sent."""
    return now - INTERVAL + SPAN


def write_lua(sequence: Sequence, path: Path) -> None:
    """The sequence's bodies are in the file, as a table that `report.lua` reads."""
    with path.open("w", encoding="utf-8") as file:
        file.write("return {\n")
        for machine in sequence.bodies:
            file.write("{\n")
            for cut in machine:
                file.write("{" + ",".join(f"[==[{part}]==]" for part in cut) + "},\n")
            file.write("},\n")
        file.write("}\n")


def machines_with(apps: int, *, seed: int) -> Iterator[SimulatedMachine]:
    """Machines of so many apps in today's wording, with a right clock; none of them trained the dictionary."""
    for index in range(_FIRST_INDEX, _LAST_INDEX):
        machine = build_machine(seed, index)
        behaviour = machine.behaviour
        is_plain = not behaviour.clock_skew_seconds and not behaviour.monitoring_paused
        if len(machine.plans) == apps and behaviour.dialect == "v0.30" and is_plain:
            yield machine


def _fitting_machines(begin: datetime) -> list[SimulatedMachine]:
    found: list[SimulatedMachine] = []
    for machine in machines_with(APPS, seed=_SEED):
        sizes = [len(body_at(machine, begin + step * INTERVAL)) for step in range(STEPS)]
        if min(sizes) >= SMALLEST and max(sizes) <= LARGEST:
            found.append(machine)
        if len(found) == MACHINES:
            return found
    raise BenchError(f"only {len(found)} simulated machines send reports of {SMALLEST} to {LARGEST} bytes")


def _cut(machine: SimulatedMachine, at: datetime) -> Cut:
    """The body without customer id and time; both may stand where the canonical report has them and nowhere else."""
    text = body_at(machine, at).decode()
    timestamp = msgspec.json.decode(text)["timestamp"]
    pieces = text.replace(timestamp, "\0time\0").replace(machine.customer_id, "\0id\0").split("\0")
    if pieces[1::2] != ["id", "id", "time", "id"]:
        raise BenchError(f"a simulated report names customer and time elsewhere than expected: {pieces[1::2]}")
    first, second, third, fourth, fifth = pieces[0::2]
    return first, second, third, fourth, fifth


def _joined(cut: Cut, customer_id: str, time_text: str) -> str:
    return f"{cut[0]}{customer_id}{cut[1]}{customer_id}{cut[2]}{time_text}{cut[3]}{customer_id}{cut[4]}"


def _id_of(customer: int) -> str:
    return f"box-{customer:05d}"


def _time_text(at_ms: int, number: int) -> str:
    """With nine fractional digits and an offset, as controllers write it."""
    seconds, milliseconds = divmod(at_ms + 3_600_000, 1000)
    local = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{local}.{milliseconds:03d}{number % 1_000_000:06d}+01:00"

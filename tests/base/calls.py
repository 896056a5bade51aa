"""One call as these tests make it, to a server on the loopback."""

from ipaddress import ip_network

import pytest
from tests.servers.recorder import Recorder

from felhom_hub.base.outbound import OutboundError, Policy, Request, call
from felhom_hub.base.targets import Target

HERE = Policy((ip_network("127.0.0.0/8"),), allow_http=True)
SECRET = "Bearer s3cret-s3cret-s3cret"
POST = Request("POST", "/api", {"Authorization": SECRET, "Content-Type": "text/plain"}, b"the body")
NAME = "felhom.kovacs.example.hu"


def to(recorder: Recorder, host: str = "127.0.0.1", scheme: str = "http") -> Target:
    return Target(scheme, host, recorder.port, "/box")


def failure_of(target: Target, policy: Policy = HERE) -> OutboundError:
    with pytest.raises(OutboundError) as failed:
        call(target, POST, policy)
    assert SECRET not in str(failed.value)
    return failed.value

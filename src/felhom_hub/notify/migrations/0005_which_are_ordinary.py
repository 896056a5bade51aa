from typing import Any

from django.db import migrations
from django.db.models import Q

# As they were written when this migration was; notify/policy.py has today's.
REASONS = ("the operator is told of warnings and errors", "the customer has not enabled this event")
NO_WAY = ("no address is known", "no mail provider is configured")


def mark(apps: Any, _editor: object) -> None:
    """Decisions that are stored already are marked as new ones are."""
    is_beside = Q(audience="customer", reason__in=NO_WAY, inputs__contains='"severity": "info"')
    is_beside &= ~Q(inputs__contains='"enabled": true')
    skipped = apps.get_model("notify", "Delivery").objects.filter(result="skipped")
    skipped.filter(Q(reason__in=REASONS) | is_beside).update(is_ordinary=True)


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0004_ordinary_deliveries"),
    ]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]

from functools import partial
from typing import Any

from django.db import migrations

from felhom_hub.base.db import lift_append_only, make_append_only

# A later migration that makes the table anew (on SQLite every change of a column does) has to do this once more;
# tests/operators/test_audit.py sees whether it has.
AUDIT = "operators_auditentry"


def _on(change: Any, _apps: Any, schema_editor: Any) -> None:
    change(schema_editor.connection, AUDIT)


class Migration(migrations.Migration):
    dependencies = [("operators", "0002_generated_password")]

    operations = [migrations.RunPython(partial(_on, make_append_only), partial(_on, lift_append_only))]

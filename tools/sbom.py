"""What a release stands on, as CycloneDX 1.5: one component for each pin of the lock, with its hashes."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

PIN = re.compile(r"^([a-z0-9-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)", re.MULTILINE)


def describe(version: str, lock: str, moment: int) -> dict[str, Any]:
    """The bill of materials of casework's own version, by the lock, as of `moment` (seconds since 1970)."""
    own = f"pkg:generic/casework@{version}"
    components = [_component(*pin) for pin in PIN.findall(lock)]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        # Follows from what is in it: the same lock has the same number.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own + lock)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "casework",
                "version": version,
                "purl": own,
                "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
            },
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [each["bom-ref"] for each in components]}],
    }


def _component(name: str, version: str, hashes: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        # Those of every published file of that version: which one is installed depends on the machine.
        "properties": [
            {"name": "casework:lock:sha256", "value": each}
            for each in sorted(re.findall(r"[0-9a-f]{64}", hashes))
        ],
    }

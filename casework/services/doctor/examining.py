"""Every check, in the order in which it is told."""

from casework.services.doctor import doors, keeping, machine, software
from casework.services.doctor.facts import Facts
from casework.services.doctor.filestore import check_files_store
from casework.services.doctor.findings import Finding


def examine(facts: Facts) -> list[Finding]:
    """Judge all facts: one finding a check; files of cases lie on the disk or in a store."""
    store = facts.files_store
    return [
        machine.check_data_disk(facts.data_disk),
        check_files_store(store) if store else machine.check_files_disk(facts.files_disk),
        machine.check_backup_disk(facts.backup_disk),
        machine.check_memory(facts.memory),
        machine.check_swap(facts.swap),
        machine.check_dumps(facts.dumps),
        machine.check_clock(facts.clock),
        doors.check_way_in(facts.way_in),
        doors.check_certificate(facts.way_in, facts.certificate, facts.now),
        doors.check_host_key(facts.host_key),
        doors.check_permissions(facts.permissions),
        keeping.check_backups(facts.backups, facts.now),
        keeping.check_drill(facts.drill),
        keeping.check_audit_log(facts.audit_log, facts.now),
        keeping.check_records(facts.records, facts.now),
        software.check_process(facts.process),
        software.check_sessions(facts.sessions),
        software.check_schema(facts.is_schema_current),
        keeping.check_unfinished(facts.unfinished),
        software.check_languages(facts.uncompiled),
    ]

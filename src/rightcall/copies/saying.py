"""What a backup is worth, in words."""

from rightcall.copies.model import Backup, BackupKind


def worth(backup: Backup, epoch: int) -> str:
    """`epoch`: the present one."""
    if backup.gone_at is not None:
        return f"gone since {backup.gone_at:%Y-%m-%d %H:%M}"
    if backup.made_at is None:
        return "not finished"
    if not is_too_old(backup, epoch):
        return "opens until the epoch turns" if backup.kind is BackupKind.DATA else "kept until the epoch turns"
    return "opens nothing" if backup.kind is BackupKind.DATA else "TOO OLD: destroy it, then say `rightcall backups gone`"


def is_too_old(backup: Backup, epoch: int) -> bool:
    return backup.epoch < epoch

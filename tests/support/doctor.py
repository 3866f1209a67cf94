"""A data folder as the server has it: it begins with a umask that tests do not have."""

from tests.support.application import Founded


def close_to_others(founded: Founded) -> None:
    """Take every right on what is there now from others."""
    folder = founded.runtime.data_folder
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)

"""A data folder as the server has it, begun with a umask that tests do not have; and folders of a system."""

from pathlib import Path

from tests.support.application import Founded


def close_to_others(founded: Founded) -> None:
    """Take every right on what is there now from others."""
    folder = founded.runtime.data_folder
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)


def lay(folder: Path, **files: str) -> Path:
    """Write files; two underscores are a slash."""
    for name, text in files.items():
        file = folder / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder

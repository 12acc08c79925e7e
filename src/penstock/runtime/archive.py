"""Files of instances that have ended: Parquet, one row an instance, with its history and its user tasks.

A file is *pending* from when it is whole and on the disk until the instances are known to be removed, and
only then has its name. So a crash leaves a file whose instances are still there, which is thrown away, or one
whose instances are gone, which is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from penstock.store.ended import EndedInstance
from penstock.store.schema import HEAD

PENDING: Final = ".pending"
_ENDING: Final = ".parquet"
_TIMES: Final = ("due_at", "follow_up_at", "created_at", "ended_at")
"""The columns of user tasks that are moments."""


class ArchiveError(Exception):
    """The archive cannot be written; the message says why and what to do."""


class Archive:
    """A folder of archived instances.

    Raises:
        ArchiveError: what writes Parquet is not installed, or the folder cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            import pyarrow.parquet as parquet
        except ImportError:
            raise ArchiveError(
                "archiving needs what writes Parquet: pip install 'penstock[archive]'"
            ) from None
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(f"cannot make the archive {folder}: {error.strerror}") from None
        self._parquet = parquet

    def pending(self) -> Iterator[str]:
        """Give the batches whose removal was not heard of."""
        for file in sorted(self.folder.glob(f"*{_ENDING}{PENDING}")):
            yield file.name.removesuffix(f"{_ENDING}{PENDING}")

    def write(self, batch: str, instances: Sequence[EndedInstance]) -> None:
        """Write instances to the disk, under a name that says that they may not be removed yet.

        Raises:
            ArchiveError: the disk is full, or the folder cannot be written.
        """
        try:
            with open(self._pending(batch), "xb") as file:
                self._parquet.write_table(_table(instances), file, compression="zstd")
                file.flush()
                os.fsync(file.fileno())
            self._names_to_disk()
        except OSError as error:
            self.drop(batch)
            raise ArchiveError(f"cannot write to the archive {self.folder}: {error}") from None

    def keep(self, batch: str) -> None:
        """The instances have been removed: give the file its name, unless another node has done so."""
        kept = self.folder / f"{batch}{_ENDING}"
        try:
            os.replace(self._pending(batch), kept)
        except FileNotFoundError:
            if not kept.exists():
                raise
        self._names_to_disk()

    def drop(self, batch: str) -> None:
        """The instances are still where they were: throw the file away."""
        self._pending(batch).unlink(missing_ok=True)

    def _pending(self, batch: str) -> Path:
        return self.folder / f"{batch}{_ENDING}{PENDING}"

    def _names_to_disk(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _table(instances: Sequence[EndedInstance]) -> Any:
    import pyarrow as pa

    moment, text = pa.timestamp("ms", tz="UTC"), pa.string()
    entry = {"seq": pa.int64(), "at": moment, "actor": text, "command": text, "events": text}
    task = {
        "key": pa.int64(),
        "element": text,
        "name": text,
        "state": text,
        "assignee": text,
        "candidate_users": text,
        "candidate_groups": text,
        "priority": pa.int64(),
        "form": text,
        **dict.fromkeys(_TIMES, moment),
    }
    schema = pa.schema(
        {
            "id": text,
            "process_id": text,
            "version": text,
            "definition_key": text,
            "business_key": text,
            "parent_id": text,
            "status": text,
            "created_by": text,
            "updated_by": text,
            "started_at": moment,
            "updated_at": moment,
            "ended_at": moment,
            "variables": text,
            "journal": pa.list_(pa.struct(entry.items())),
            "user_tasks": pa.list_(pa.struct(task.items())),
        },
        metadata={"penstock.schema": HEAD},
    )
    return pa.Table.from_pylist([_row(each, entry.keys(), task.keys()) for each in instances], schema)


def _row(each: EndedInstance, entry: Any, task: Any) -> dict[str, Any]:
    return msgspec.structs.asdict(each.row) | {
        "variables": each.variables.decode(),
        "journal": [{name: _plain(getattr(one, name)) for name in entry} for one in each.journal],
        "user_tasks": [{name: one[name] for name in task} for one in each.user_tasks],
    }


def _plain(value: object) -> object:
    return bytes(value).decode() if isinstance(value, bytes | memoryview) else value

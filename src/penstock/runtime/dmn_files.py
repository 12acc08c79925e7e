"""Reading the DMN files of a deployment, each after those that it imports."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from penstock import dmn, xml
from penstock.findings import Report
from penstock.runtime.decisions import DeployedDecisions


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to deploy."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReadDmn:
    """A DMN file that was read."""

    file: SourceFile
    reading: dmn.Reading
    digest: str
    """Over the file and the digests of what it imports."""
    imports: dict[str, str]
    """By namespace, the digest of each imported file."""

    @property
    def findings(self) -> tuple[dmn.Finding, ...]:
        """All that is to be said about it."""
        return self.reading.findings

    @property
    def usable(self) -> bool:
        """Whether it may be deployed."""
        return self.reading.model is not None and not self.reading.errors

    @property
    def namespace(self) -> str:
        """Its namespace, empty where it is no DMN."""
        return "" if self.reading.model is None else self.reading.model.namespace

    @property
    def decisions(self) -> tuple[dmn.Decision, ...]:
        """Its decisions, in the order of the file."""
        return () if self.reading.model is None else tuple(self.reading.model.decisions.values())


def is_dmn(file: SourceFile) -> bool:
    """Whether the name of a file is that of a DMN file."""
    return file.name.lower().endswith(".dmn")


def read_dmn(files: Sequence[SourceFile], known: DeployedDecisions | None = None) -> list[ReadDmn]:
    """Read the DMN files, in their order; they may import each other, and what was deployed before."""
    run = _Run(files, known)
    return [run.read(file) for file in files]


@dataclass(slots=True)
class _Run:
    files: Sequence[SourceFile]
    known: DeployedDecisions | None
    done: dict[SourceFile, ReadDmn] = field(default_factory=dict)
    open: set[SourceFile] = field(default_factory=set)
    namespaces: dict[str, SourceFile] = field(init=False)

    def __post_init__(self) -> None:
        several = len(self.files) > 1
        self.namespaces = {_namespace(file): file for file in self.files} if several else {}

    def read(self, file: SourceFile) -> ReadDmn:
        if file in self.done:
            return self.done[file]
        self.open.add(file)
        imports: dict[str, str] = {}

        def imported(namespace: str, _location: str | None) -> dmn.Model | None:
            beside = self.namespaces.get(namespace)
            if beside is not None and beside not in self.open:
                read = self.read(beside)
                imports[namespace] = read.digest
                return read.reading.model
            digest = self.known.newest(namespace) if beside is None and self.known is not None else None
            if digest is None or self.known is None:
                return None  # not there, or two files import each other
            imports[namespace] = digest
            return self.known.model(digest)

        reading = dmn.read(file.content, file=file.name, imports=imported)
        self.open.remove(file)
        self.done[file] = ReadDmn(file, reading, _digest(file.content, imports), imports)
        return self.done[file]


def _namespace(file: SourceFile) -> str:
    root = xml.parse(file.content, Report(file.name), dmn.DEFAULT_LIMITS, "DMN")
    return "" if root is None else root.get("namespace", "")


def _digest(content: bytes, imports: dict[str, str]) -> str:
    own = hashlib.sha256(content).hexdigest()
    if not imports:
        return own
    return hashlib.sha256("\n".join([own, *sorted(imports.values())]).encode()).hexdigest()

"""SpiffWorkflow's Python script engine on the shared condition, and its DMN engine on the shared table.

Run in the peers' venv: `python -m benchmarks.peers.spiff_expressions SECONDS`. The engine takes text and
compiles it at every evaluation, so that it has no figure of its own for parsing.
"""

from __future__ import annotations

import sys
from timeit import Timer
from types import SimpleNamespace

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from benchmarks.expressions import (
    ANSWER,
    CONDITION,
    ORDER,
    PYTHON,
    TABLE,
    VARIABLES,
    best,
    table_xml,
)
from benchmarks.figures import Timing, emit

PEER = "SpiffWorkflow"


def main(seconds: float) -> None:
    """Time each workload for so long."""
    engine = PythonScriptEngine()
    task = SimpleNamespace(data=VARIABLES)
    assert engine.evaluate(task, PYTHON) is True
    (condition,) = best([Timer(lambda: engine.evaluate(task, PYTHON))], seconds)
    emit(Timing(PEER, CONDITION, condition))
    root = etree.fromstring(table_xml())
    parser = DMNParser(None, root, {"dmn": etree.QName(root).namespace})
    parser.parse()
    table = DMNEngine(parser.decision.decisionTables[0])
    # What the DMN engine asks of a task: its data, and the script engine of its workflow.
    order = SimpleNamespace(data=ORDER, workflow=SimpleNamespace(script_engine=engine))
    assert table.result(order) == {"rate": ANSWER}
    (decided,) = best([Timer(lambda: table.result(order))], seconds)
    emit(Timing(PEER, TABLE, decided))


if __name__ == "__main__":
    main(float(sys.argv[1]))

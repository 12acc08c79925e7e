"""Penstock: a durable BPMN 2.0 workflow server.

What a file of task functions imports is here: `from penstock import task, BpmnError, current_job`.
"""

from penstock.workers.api import BpmnError, Job, current_job, task

__version__ = "0.1.0"

__all__ = ["BpmnError", "Job", "__version__", "current_job", "task"]

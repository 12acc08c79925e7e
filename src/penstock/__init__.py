"""Penstock: a durable BPMN 2.0 workflow server.

What a file of task functions imports is here: `from penstock import task, BpmnError, Denied, current_job`.
"""

from penstock.workers.api import BpmnError, Denied, Job, UserTask, current_job, task

__version__ = "0.1.0"

__all__ = ["BpmnError", "Denied", "Job", "UserTask", "__version__", "current_job", "task"]

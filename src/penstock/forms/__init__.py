"""Forms in the JSON of form-js: read, judged, and what a person enters checked by their rules.

    from penstock import forms

    reading = forms.read(content, file="claim.form")
    submission = forms.check(reading.form, {"amount": 120}, {}, now)

The rules are those that form-js applies in the browser (version 1.23, schema version 19); the server applies
them again, since nothing that comes from a browser can be trusted. The package knows no BPMN and no server.
"""

from penstock.forms.check import Problem, Submission, check
from penstock.forms.model import Form, variables_of
from penstock.forms.read import Reading, read

__all__ = ["Form", "Problem", "Reading", "Submission", "check", "read", "variables_of"]

"""Our own surface, in BPMN's words, under `/api/v1`."""

"""The second axis of events: what a timer or an error does, wherever an event of the process names it."""

"""From a trace to something a student understands."""

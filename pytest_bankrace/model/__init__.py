"""What does the standard library mean inside a submission?

Mirrored name for name: a submission's `import threading` gets `model.threading`. While a runtime
is in charge, what these modules offer is scheduled; otherwise it behaves as the real thing.
"""

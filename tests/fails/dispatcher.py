"""Finding: LostWakeup

The stop flag is looked at outside the lock; it goes up just before the worker waits for a job.
"""

import threading


class Dispatcher:
    def __init__(self):
        self.stopped = False
        self.jobs = []
        self.done = 0
        self.changed = threading.Condition()

    def submit(self, job):
        with self.changed:
            self.jobs.append(job)
            self.changed.notify()

    def stop(self):
        with self.changed:
            self.stopped = True
            self.changed.notify_all()

    def work(self):
        while not self.stopped:
            with self.changed:
                if not self.jobs:
                    self.changed.wait()
                if self.jobs:
                    self.done += self.jobs.pop(0)


def setup():
    return Dispatcher()


def main(dispatcher):
    dispatcher.submit(1)
    dispatcher.stop()


def worker(dispatcher):
    dispatcher.work()


threads = (main, worker)

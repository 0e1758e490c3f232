"""The stop flag is looked at under the lock, before each wait."""

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
        while True:
            with self.changed:
                while not self.jobs and not self.stopped:
                    self.changed.wait()
                if not self.jobs:
                    return
                self.done += self.jobs.pop(0)


def setup():
    return Dispatcher()


def main(dispatcher):
    dispatcher.submit(1)
    dispatcher.stop()


def worker(dispatcher):
    dispatcher.work()


threads = (main, worker)

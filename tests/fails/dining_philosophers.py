"""Finding: Deadlock

Every philosopher takes the left fork first, and all of them wait for the right one.
"""

import threading

SEATS = 3


class Table:
    def __init__(self, seats):
        self.forks = [threading.Lock() for _ in range(seats)]
        self.meals = [0] * seats

    def dine(self, seat):
        left, right = seat, (seat + 1) % len(self.forks)
        with self.forks[left]:
            with self.forks[right]:
                self.meals[seat] += 1


def setup():
    return Table(SEATS)


def seated(seat):
    def philosopher(table):
        table.dine(seat)

    return philosopher


threads = tuple(seated(seat) for seat in range(SEATS))


def at_end(table):
    return set(table.meals) == {1}

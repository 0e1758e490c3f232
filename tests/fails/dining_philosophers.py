"""Finding: Deadlock

Every philosopher takes the left fork first, and all of them wait for the right one.
"""

import threading


class Table:
    def __init__(self, seats):
        self.forks = [threading.Lock() for _ in range(seats)]
        self.meals = [0] * seats

    def dine(self, seat):
        left, right = seat, (seat + 1) % len(self.forks)
        with self.forks[left]:
            with self.forks[right]:
                self.meals[seat] += 1


def setup(seats=3):
    return Table(seats)


def philosopher(seat):
    return lambda table: table.dine(seat)


threads = tuple(philosopher(seat) for seat in range(3))


def at_end(table):
    return table.meals == [1, 1, 1]

"""The list in the middle may be another in the second comparison."""


def setup():
    return [5]


def change(limits):
    limits[0] = 1
    limits[0] = 9


def look(limits):
    assert [0] < limits < [7] or limits == [9]


threads = (change, look)

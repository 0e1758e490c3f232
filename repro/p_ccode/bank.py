def work(): sum(range(10**12))

def transfer(a, b, n:

"""A bank where things go wrong: names that nobody has, and accounts that can't pay."""


class NoSuchAccount(Exception):
    """Nobody of that name has an account here."""


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`.

    Your task: make this class safe for any number of threads, on good days and on bad ones. A
    call that fails must leave the bank as it found it, and open for everybody else.
    """

    def __init__(self, **balances):
        self.balances = balances

    def transfer(self, src, dst, amount):
        """Move `amount` from the account named `src` to the account named `dst`.

        Raise NoSuchAccount for a name without an account, and InsufficientFunds if `src` holds
        less than `amount`; nothing has changed then. A transfer to oneself changes nothing.
        """
        for name in (src, dst):
            if name not in self.balances:
                raise NoSuchAccount(name)
        if src == dst:
            return
        if self.balances[src] < amount:
            raise InsufficientFunds(f"{src} can't pay {amount}")
        self.balances[src] -= amount
        self.balances[dst] += amount

    def balance_of(self, name):
        """Return what is in an account; raise NoSuchAccount for a name without one."""
        if name not in self.balances:
            raise NoSuchAccount(name)
        return self.balances[name]

    def audit(self):
        """Return the sum of all balances. A transfer never changes this sum."""
        return sum(self.balances[name] for name in self.balances)

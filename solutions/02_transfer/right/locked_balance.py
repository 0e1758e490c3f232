"""A bank whose accounts also lock when somebody looks at a balance."""

from threading import RLock


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Account:
    """What one customer has; to look at it takes the bank's lock."""

    __slots__ = ("_balance", "_lock", "owner")

    def __init__(self, owner, balance, lock):
        self.owner = owner
        self._balance = balance
        self._lock = lock

    @property
    def balance(self):
        with self._lock:
            return self._balance

    @balance.setter
    def balance(self, value):
        with self._lock:
            self._balance = value


class Bank:
    """Several accounts, several tellers, and one auditor."""

    def __init__(self):
        self.accounts = []
        self.lock = RLock()

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance, self.lock)
        self.accounts.append(account)
        return account

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self.lock:
            if src.balance < amount:
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            src.balance -= amount
            dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(account.balance for account in self.accounts)

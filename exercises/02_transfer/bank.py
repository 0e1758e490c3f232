"""A bank that moves money, and is massively not safe when two tellers work at once."""


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Account:
    """What one customer has."""

    def __init__(self, owner, balance):
        self.owner = owner
        self.balance = balance


class Bank:
    """Several accounts, several tellers, and one auditor who adds everything up.

    Your task: make this class safe for any number of threads.
    """

    def __init__(self):
        self.accounts = []

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def transfer(self, src, dst, amount):
        """Move `amount` from the account `src` to the account `dst`.

        If `src` holds less than `amount`, raise InsufficientFunds and change nothing.
        """
        if src.balance < amount:
            raise InsufficientFunds(f"{src.owner} can't pay {amount}")
        src.balance -= amount
        dst.balance += amount

    def audit(self):
        """Return the sum of all balances. A transfer moves money: it never changes this sum."""
        return sum(account.balance for account in self.accounts)

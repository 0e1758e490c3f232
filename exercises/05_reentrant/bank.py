"""A bank whose transfer is made of its other operations, and none of them is safe yet."""


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Account:
    """What one customer has."""

    def __init__(self, owner, balance):
        self.owner = owner
        self.balance = balance


class Bank:
    """Customers pay in, take out and transfer, all at the same time.

    Your task: make each of the four operations safe by itself, whoever calls it. `transfer`
    must stay one operation for everybody who looks on, though it is made of two.
    """

    def __init__(self):
        self.accounts = []

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def deposit(self, account, amount):
        """Pay `amount` into an account."""
        account.balance += amount

    def withdraw(self, account, amount):
        """Take `amount` out of an account; raise InsufficientFunds if it holds less."""
        if account.balance < amount:
            raise InsufficientFunds(f"{account.owner} can't pay {amount}")
        account.balance -= amount

    def transfer(self, src, dst, amount):
        """Withdraw `amount` from `src` and deposit it into `dst`, as one operation."""
        self.withdraw(src, amount)
        self.deposit(dst, amount)

    def audit(self):
        """Return the sum of all balances. A transfer never changes this sum."""
        return sum(account.balance for account in self.accounts)

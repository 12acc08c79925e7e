"""Tables and transactions: every query takes a connection, and says in SQL what it touches."""

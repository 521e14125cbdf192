"""Django's PostgreSQL, with a look at the connection that costs no question."""

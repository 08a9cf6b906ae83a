"""Django's PostgreSQL, told before every statement on whose behalf it is asked."""

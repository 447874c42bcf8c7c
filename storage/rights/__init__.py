"""Who may do what to which rows on a Postgres server, whatever program they do it with.

Terminals connect to the database directly, so it keeps accounts apart and roles within their bounds itself. People
have a login each; the tables say by row level security what a login reads and writes (`declared`), triggers what may
become of a row (`guards`), and functions who the login is (`functions`). All of it is put in place anew at the end of
each upgrade (`apply`).
"""

"""Storage in one SQLite file: the only package with SQL. Records go in and come out, never rows.

Every function that uses the database raises `StoreError` if SQLite refuses a statement or a commit;
docstrings name it only if the caller is expected to handle it. Instants are stored in UTC, and one
that is naive or in another zone is a `ValueError`.
"""

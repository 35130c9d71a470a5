"""Domain records: frozen values that every layer can use. Imports no other package of Dateline."""

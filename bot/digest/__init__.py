"""The daily digest of a server: what is posted, when, and delivering it once.

All but `delivery` and `queue` is pure: the time that it is comes as an argument.
"""

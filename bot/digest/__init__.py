"""The daily digest of a server: what is posted, when, and delivering it once.

The time that it is comes as an argument. `composing` and `preview` read the library, `delivery` and
`queue` wait and write, and all else is pure.
"""

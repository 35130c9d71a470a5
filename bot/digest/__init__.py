"""What digests and alerts tell, and when.

The time enters as an argument. `preview` waits for the search that it is given; all else is pure.
"""

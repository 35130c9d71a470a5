"""Looking things up in the library: what each lookup finds, as values.

The day that it is comes as an argument, and what a person typed comes already understood.
"""

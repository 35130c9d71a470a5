"""Records and results as neutral blocks and texts; pure, and independent of Discord.

The terminal and Discord each render the blocks in their own way.
"""

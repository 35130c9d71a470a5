"""One process runs the bot on a data folder, and others can tell whether it is alive."""

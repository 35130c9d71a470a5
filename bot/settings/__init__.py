"""All settings, and the data files in `config/`."""

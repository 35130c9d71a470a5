"""Every setting, and the data files of `config/`."""

"""The commands of `dateline`: they parse arguments, call a service and print the result."""

"""The slash commands, message menus, buttons and forms."""

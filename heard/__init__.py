"""What people use: the command and the pages of the app."""

"""Taking what is in a repository elsewhere: projects that other tools open, and that Heard reads back."""

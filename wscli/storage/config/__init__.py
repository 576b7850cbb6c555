"""config.toml: the settings there are, how the file is read and checked, and how one line of it is changed."""

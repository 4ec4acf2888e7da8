"""A folder, or a single file, as a system: `Folder`."""

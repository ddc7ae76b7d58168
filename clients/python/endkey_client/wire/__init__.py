"""The messages of section 8, one a file. Each has `read` from a Reader, `write` to bytes; `parse` reads all of one."""

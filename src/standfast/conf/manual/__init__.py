"""The manual of the configuration language, as pages for `man` and for readers of Markdown."""

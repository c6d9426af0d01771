"""Bytes and strings: time stamps, charsets, safe regular expressions, URLs, domains, escaping."""

"""A synthetic organisation, written as raw log files exactly as real products write them.

What was planted is told in a truth file beside the evidence, never inside it.
"""

"""What a spoken answer claims, what is missing and what to ask next. Pure: no I/O, no chance."""

"""Events to text: rows, filters, formats, terminals."""

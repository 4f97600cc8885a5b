"""report: values to text for a reader or a program; never writes."""

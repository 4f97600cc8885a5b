"""Rules about what is deprecated, or left from httpd 2.2."""

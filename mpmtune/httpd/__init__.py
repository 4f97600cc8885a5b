"""httpd: what httpd itself does, as data and arithmetic."""

"""How the web application is put together: settings, urls and the server's entry point."""

"""The one web server: the API and every face in a browser, behind one edge."""

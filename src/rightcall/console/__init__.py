"""The console: what those who work here see in a browser, each as their role lets them. Works without scripts."""

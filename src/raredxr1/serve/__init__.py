"""The product as a local web server: a page for people, an HTTP API for programs, history and batch jobs.

`raredx serve` starts it; `create_app(product, settings)` in `app` gives the ASGI application. Imports neither torch nor
transformers.
"""

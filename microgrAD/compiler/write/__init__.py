"""Writing a program as code.

arrays    calls of NumPy, for any number of rows
wasm      WebAssembly, for small programs
"""
